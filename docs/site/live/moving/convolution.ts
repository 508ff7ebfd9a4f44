import { array, at, conv2d, conv2dInputGradient, conv2dWeightGradient, type NdArray, reshape } from 'handgrad';
import { short } from '../text.js';
import { moving, onGrid, within } from './moving.js';
import { handle, matrix, named, panel, panels, rect, sums, words } from './plot.js';

const [SIDE, KERNEL] = [4, 2];
const OUT = SIDE - KERNEL + 1;
const RANGE = [-3, 3] as const;
const [CELL, LEFT, TOP, RIGHT, LOWER, HEIGHT] = [38, 4, 26, 222, 172, 256];
const SPREADS = ['the chosen output', 'all outputs'] as const;

interface State {
  image: readonly number[];
  weight: readonly number[];
  /** The output whose window is shown, in reading order. */
  chosen: number;
  /** The outputs whose dout is 1. */
  spread: string;
}

const square = (values: readonly number[], side: number) => reshape(array([...values], 'float64'), [1, 1, side, side]);
const rowsOf = (x: NdArray) =>
  Array.from({ length: x.shape[2] }, (_, i) => Array.from({ length: x.shape[3] }, (_, j) => at(x, 0, 0, i, j)));

/** The output of the convolution, and the gradients of image and weight. */
export function convolutionOf({ image, weight, chosen, spread }: State) {
  const [x, k] = [square(image, SIDE), square(weight, KERNEL)];
  const dout = square(
    Array.from({ length: OUT * OUT }, (_, i) => (spread === SPREADS[1] || i === chosen ? 1 : 0)),
    OUT,
  );
  const gradients = [
    conv2dInputGradient(k, dout, [SIDE, SIDE], {}),
    conv2dWeightGradient(x, dout, [KERNEL, KERNEL], {}),
  ];
  const [dx, dWeight] = gradients.map(rowsOf);
  return { out: rowsOf(conv2d(x, k)), dout: rowsOf(dout), dx, dWeight };
}

/** A grid of numbers with its name above. */
function grid(rows: readonly (readonly number[])[], [left, top]: readonly [number, number], title: string, name = '') {
  const largest = Math.max(1, ...rows.flat().map(Math.abs));
  return words(left, top - 9, title, 'soft strong') + matrix(rows, { left, top, cell: CELL, largest, name });
}

function frame([left, top]: readonly [number, number], row: number, column: number, size: number): string {
  return rect(left + column * CELL + 1, top + row * CELL + 1, size * CELL - 2, size * CELL - 2, 'chosen');
}

const [IMAGE, OUTPUT, WEIGHT] = [[LEFT, TOP] as const, [RIGHT, TOP] as const, [RIGHT, LOWER] as const];

function draw(state: State): string {
  const { out, dout, dx, dWeight } = convolutionOf(state);
  const [row, column] = [Math.floor(state.chosen / OUT), state.chosen % OUT];
  const window = frame(IMAGE, row, column, KERNEL) + frame(OUTPUT, row, column, 1);
  const pick = handle('window', 'The chosen output: arrow keys move it', [1, OUT * OUT], state.chosen + 1);
  const said = `data-text="row ${row + 1}, column ${column + 1}"`;
  const outputs = `<g ${pick} ${said}>${rect(...OUTPUT, OUT * CELL, OUT * CELL, 'reach pick')}${grid(out, OUTPUT, 'Y, to click', 'out')}</g>`;
  const weights = state.weight.map((value, i) => {
    const [x, y] = [RIGHT + (i % KERNEL) * CELL, LOWER + Math.floor(i / KERNEL) * CELL];
    return `<g ${handle(`weight-${i}`, `Weight in row ${Math.floor(i / KERNEL) + 1}, column ${(i % KERNEL) + 1}`, RANGE, value)}>${rect(x, y, CELL, CELL, 'reach')}</g>`;
  });
  const rows = (values: readonly number[], side: number) =>
    Array.from({ length: values.length / side }, (_, i) => values.slice(i * side, (i + 1) * side));
  const products = state.weight.map((value, i) => {
    const pixel = state.image[(row + Math.floor(i / KERNEL)) * SIDE + column + (i % KERNEL)];
    return `${short(pixel)} · ${value < 0 ? `(${short(value)})` : short(value)}`;
  });
  const forward = `${grid(rows(state.image, SIDE), IMAGE, 'X')}${outputs}${grid(rows(state.weight, KERNEL), WEIGHT, 'K, to drag')}${weights.join('')}${window}`;
  const backward = `${grid(dx, IMAGE, 'dX', 'dx')}${grid(dout, OUTPUT, 'dout')}${grid(dWeight, WEIGHT, 'dK', 'dweight')}${window}`;
  const flows =
    state.spread === SPREADS[0]
      ? 'Backward, dX is K at the place of the window, and dK is what the window sees.'
      : 'Backward, each output adds K to dX at the place of its window, and adds what its window sees to dK.';
  return (
    panels(
      `<div><h4>forward</h4>${panel(340, HEIGHT, `Y is ${out.flat().map(short).join(', ')}`, forward, true)}</div>`,
      `<div><h4>backward</h4>${panel(340, HEIGHT, `dX is ${dx.flat().map(short).join(', ')}`, backward)}</div>`,
    ) + sums(`Forward, ${products.join(' + ')} = ${named('sum', out[row][column])}.`, flows)
  );
}

function withWeight(state: State, name: string, change: (value: number) => number): State {
  const which = Number(name.replace('weight-', ''));
  const weight = state.weight.map((value, i) => (i === which ? within(onGrid(change(value), 10), ...RANGE) : value));
  return { ...state, weight };
}

export const convolution = moving<State>({
  label: 'A convolution, its window, and the gradients of image and kernel',
  caption:
    'A kernel of 2 × 2 on an image of 4 × 4. Pixels in the middle are in four windows, so that with `dout` of ones they get the sum of all four weights; the corners get one weight each.',
  hint: 'Click an output, or move the window with the arrow keys. Drag a weight up or down.',
  start: {
    image: [1, 2, 0, 1, 0, 3, 1, 2, 2, 1, 0, 1, 1, 0, 2, 3],
    weight: [1, 2, -1, 0.5],
    chosen: 4,
    spread: SPREADS[0],
  },
  controls: [
    {
      kind: 'choice',
      name: 'spread',
      label: 'dout is 1 at',
      options: SPREADS,
      get: ({ spread }) => spread,
      set: (state, spread) => ({ ...state, spread }),
    },
  ],
  draw,
  drag: (state, name, { x, y }) => {
    if (name === 'window') {
      const [row, column] = [(y - TOP) / CELL, (x - RIGHT) / CELL].map((at) => within(Math.floor(at), 0, OUT - 1));
      return { ...state, chosen: row * OUT + column };
    }
    // A weight is 0 in the middle of its cell, and grows by 1 per 12 units upward.
    const top = LOWER + Math.floor(Number(name.replace('weight-', '')) / KERNEL) * CELL;
    return withWeight(state, name, () => (top + CELL / 2 - y) / 12);
  },
  nudge: (state, name, { x, y }) => {
    if (name !== 'window') return withWeight(state, name, (value) => value + 0.1 * (x + y));
    const row = within(Math.floor(state.chosen / OUT) - y, 0, OUT - 1);
    return { ...state, chosen: row * OUT + within((state.chosen % OUT) + x, 0, OUT - 1) };
  },
});
