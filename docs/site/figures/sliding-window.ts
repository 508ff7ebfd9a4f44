import {
  array,
  conv2d,
  conv2dInputGradient,
  type NdArray,
  reshape,
  setAt,
  toNested,
  zeros,
} from '../../../src/index.js';
import { arrow, CELL, frame, grid, label } from './number-grid.js';

/**
 * The convolution of the guide, in motion: a window moves over the image, and then its gradient flows back. Each step is
 * a group, and the stylesheet shows one after the other. Print, and readers who prefer no motion, get the last step.
 */

const IMAGE = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
];
const KERNEL = [
  [1, 10],
  [100, 1000],
];
const DOUT = [
  [1, 2],
  [3, 4],
];
const PLACES = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;
const [FORWARD, BACKWARD] = ['#0072b2', '#d55e00'];

const imageOf = (rows: number[][]) => reshape(array(rows, 'float64'), [1, 1, rows.length, rows[0].length]); // (N, C, H, W)
const rowsOf = (image: NdArray) => toNested(reshape(image, image.shape.slice(2))) as number[][];

const [LEFT, MIDDLE, RIGHT] = [16, 252, 440];
const [UPPER, LOWER] = [44, 268];

/** One step, forward or backward, of the window at a place. */
function step(place: readonly [number, number], k: number, isBackward: boolean): string {
  const [x, weight, dout] = [IMAGE, KERNEL, DOUT].map(imageOf);
  const out = rowsOf(conv2d(x, weight));
  const known = PLACES.slice(0, isBackward ? 4 : k + 1);
  const isKnown = (i: number, j: number) => known.some(([a, b]) => a === i && b === j);
  const arrived = zeros(dout.shape, 'float64');
  if (isBackward) for (const [i, j] of PLACES.slice(0, k + 1)) setAt(arrived, [0, 0, i, j], DOUT[i][j]);
  const dx = rowsOf(conv2dInputGradient(weight, arrived, 3));
  const [i, j] = place;
  const color = isBackward ? BACKWARD : FORWARD;
  const from = isBackward ? LOWER : UPPER;
  const said = isBackward
    ? `∂L/∂Y = ${DOUT[i][j]} goes back to the window, times the kernel`
    : `${KERNEL.flatMap((row, u) => row.map((w, v) => `${w} · ${IMAGE[i + u][j + v]}`)).join(' + ')} = ${out[i][j]}`;
  return [
    grid(
      RIGHT,
      UPPER + CELL / 2,
      'Y',
      out.map((row, a) => row.map((value, b) => (isKnown(a, b) ? value : undefined))),
    ),
    grid(
      LEFT,
      LOWER,
      '∂L/∂X',
      dx.map((row) => row.map((value) => (isBackward ? value : undefined))),
    ),
    frame(LEFT, from, place, 2, color),
    frame(MIDDLE, UPPER + CELL / 2, [0, 0], 2, color),
    frame(RIGHT, from + CELL / 2, place, 1, color),
    isBackward
      ? arrow(RIGHT - 14, LEFT + 3 * CELL + 14, LOWER + 1.5 * CELL, color)
      : arrow(MIDDLE + 2 * CELL + 14, RIGHT - 14, UPPER + 1.5 * CELL, color),
    label(290, LOWER + 3 * CELL + 32, said, color, 16),
  ].join('');
}

/** The steps of the forward pass, then those of the backward pass. */
export async function slidingWindowFigure(): Promise<string> {
  const steps = [false, true].flatMap((isBackward) => PLACES.map((place, k) => step(place, k, isBackward)));
  const groups = steps.map((content, i) => {
    const isLast = i === steps.length - 1;
    return `<g class="step${isLast ? ' still' : ''}" style="--step: ${i}">${content}</g>`;
  });
  const fixed = [
    grid(LEFT, UPPER, 'X', IMAGE),
    grid(MIDDLE, UPPER + CELL / 2, 'K', KERNEL),
    grid(RIGHT, LOWER + CELL / 2, '∂L/∂Y', DOUT),
  ];
  const what =
    'A window of 2 × 2 moves over an image of 3 × 3 and gives four outputs. Then each gradient goes back to its window, and the gradients of a pixel add up.';
  return `<svg xmlns="http://www.w3.org/2000/svg" class="steps" viewBox="0 0 580 480" width="580" height="480" font-family="sans-serif" role="img" aria-label="${what}">${fixed.join('')}${groups.join('')}</svg>`;
}
