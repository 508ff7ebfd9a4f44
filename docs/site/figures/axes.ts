import { add, array, type NdArray, sum, toNested } from '../../../src/index.js';
import { arrow, CELL, frame, grid, label } from './number-grid.js';

const [FORWARD, BACKWARD] = ['#0072b2', '#d55e00'];

const x = array([
  [1, 2, 3],
  [4, 5, 6],
]);
const bias = array([100, 200, 300]);

const rowsOf = (values: NdArray): number[][] =>
  values.dimension === 2 ? (toNested(values) as number[][]) : [toNested(values) as number[]];

/** Broadcasting forward, and the reductions along both axes, with the numbers of the chapter. */
export async function axesFigure(): Promise<string> {
  const [left, middle, right] = [24, 300, 500];
  const [top, bottom] = [52, 262];
  const down = rowsOf(sum(x, { axis: 0 }));
  const along = (toNested(sum(x, { axis: -1 })) as number[]).map((value) => [value]);
  const repeated = [0, 1].map((row) => frame(middle - 8, top, [row, 0], 1, FORWARD, 3));
  const parts = [
    grid(left, top, 'x (2, 3)', rowsOf(x)),
    label(left + 3 * CELL + 46, top + CELL, '+', undefined, 22),
    grid(middle - 8, top, 'bias (3,), in every row', [...rowsOf(bias), ...rowsOf(bias)]),
    ...repeated,
    label(right - 18, top + CELL, '=', undefined, 22),
    grid(right + 16, top, 'add(x, bias) (2, 3)', rowsOf(add(x, bias))),
    grid(left, bottom, 'x (2, 3)', rowsOf(x)),
    frame(left, bottom, [0, 0], 1, BACKWARD, 1, 2),
    grid(left, bottom + 3 * CELL, 'sum over axis 0', down),
    frame(left, bottom + 3 * CELL, [0, 0], 1, BACKWARD),
    arrow(left + 3 * CELL + 14, middle - 22, bottom + CELL / 2, FORWARD),
    grid(middle - 8, bottom, 'sum over axis −1', along),
    frame(left, bottom, [0, 0], 1, FORWARD, 3),
    frame(middle - 8, bottom, [0, 0], 1, FORWARD),
  ];
  const what =
    'A bias of three numbers is repeated for both rows of x. A sum over axis 0 gives one number per column, and a sum over axis −1 one per row.';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 500" width="700" height="500" font-family="sans-serif" role="img" aria-label="${what}">${parts.join('')}</svg>`;
}
