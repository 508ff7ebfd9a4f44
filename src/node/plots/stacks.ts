import type { NdArray } from '../../array/index.js';
import { gridSvg } from './grid.js';
import { COLORS, PALETTE, textElement } from './svg.js';

/** A stack of images (N, C, H, W), with 1 in the marked entries and 0 in the others. */
export interface MarkedStack {
  name: string;
  marks: NdArray;
}

const CELL = 13;
const GAP = 12;
const LEFT = 56;
const TOP = 62;

/**
 * Draws stacks of images, with one row per sample and one column per channel. Marked entries are colored, and one
 * entry has a frame.
 *
 * @returns the text of an SVG file
 */
export function stacksSvg(title: string, stacks: readonly MarkedStack[], framed: readonly number[]): string {
  const [N, C, H, W] = stacks[0].marks.shape;
  const size = { width: LEFT + C * (W * CELL + GAP) + 12, height: TOP + N * (H * CELL + GAP) + 12 };
  const legend = [
    { name: 'averaged over for the framed entry', color: PALETTE[1] },
    { name: 'the other entries', color: COLORS.rest },
  ];
  const charts = stacks.map((stack) => chart(stack, framed, size));
  return gridSvg(title, legend, charts, { ...size, columns: 2 });
}

function chart({ name, marks }: MarkedStack, framed: readonly number[], { width, height }: Size): string {
  const [N, C, H, W] = marks.shape;
  const cells: string[] = [];
  const left = (c: number, w: number) => LEFT + c * (W * CELL + GAP) + w * CELL;
  const top = (n: number, h: number) => TOP + n * (H * CELL + GAP) + h * CELL;
  for (let n = 0; n < N; n++)
    for (let c = 0; c < C; c++)
      for (let h = 0; h < H; h++)
        for (let w = 0; w < W; w++) {
          const fill = marks.get(n, c, h, w) ? PALETTE[1] : '#e4e4e4';
          cells.push(
            `<rect x="${left(c, w)}" y="${top(n, h)}" width="${CELL - 1}" height="${CELL - 1}" fill="${fill}"/>`,
          );
        }
  const [n, c, h, w] = framed;
  const frame = `<rect x="${left(c, w) - 1}" y="${top(n, h) - 1}" width="${CELL + 1}" height="${CELL + 1}" fill="none" stroke="${PALETTE[2]}" stroke-width="3"/>`;
  const channels = Array.from({ length: C }, (_, k) =>
    textElement(`c = ${k}`, left(k, 0) + (W * CELL) / 2, TOP - 8, 'text-anchor="middle"'),
  );
  const samples = Array.from({ length: N }, (_, k) => textElement(`n = ${k}`, 12, top(k, 0) + (H * CELL) / 2 + 4));
  return [
    `<svg width="${width}" height="${height}">`,
    textElement(name, LEFT, 30, 'font-weight="600"'),
    ...channels,
    ...samples,
    ...cells,
    frame,
    '</svg>',
  ].join('\n');
}

interface Size {
  width: number;
  height: number;
}
