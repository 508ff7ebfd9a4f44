import type { NdArray } from '../../array/index.js';
import { gridSvg } from './grid.js';
import { loadPlot, namesScale } from './plot.js';
import { PALETTE } from './svg.js';

/** A stack of images (N, C, H, W), with 1 in the marked entries and 0 in the others. */
export interface MarkedStack {
  name: string;
  marks: NdArray;
}

const LEGEND = [
  { name: 'averaged over for the framed entry', color: PALETTE[1] },
  { name: 'the other entries', color: '#e4e4e4' },
];
const CELL = 14;

/**
 * Draws stacks of images, with one row per sample and one column per channel. Marked entries are colored, and one
 * entry has a frame.
 *
 * @param framed the indices n, c, h, w of that entry
 * @returns the text of an SVG file
 */
export async function stacksSvg(
  title: string,
  stacks: readonly MarkedStack[],
  framed: readonly number[],
): Promise<string> {
  const { Plot, panel } = await loadPlot();
  const [N, C, H, W] = stacks[0].marks.shape;
  const margins = { left: 62, right: 12, top: 40, bottom: 12 };
  const size = { width: 74 + 1.2 * CELL * C * W, height: 70 + 1.2 * CELL * N * H };
  const names = (letter: string, count: number) =>
    namesScale(Array.from({ length: count }, (_, i) => `${letter} = ${i}`));
  const place = { fx: 'c', fy: 'n', x: 'w', y: 'h' };
  const charts = stacks.map(({ name, marks }) => {
    const entries = Array.from({ length: N * C * H * W }, (_, i) => {
      const [n, c, h, w] = [Math.floor(i / (C * H * W)), Math.floor(i / (H * W)) % C, Math.floor(i / W) % H, i % W];
      return { n, c, h, w, fill: LEGEND[marks.get(n, c, h, w) ? 0 : 1].color };
    });
    const frame = entries.filter(({ n, c, h, w }) => [n, c, h, w].every((index, axis) => index === framed[axis]));
    return panel({
      ...{ ...size, ...margins, title: name },
      fx: { ...names('c', C), axis: 'top', padding: 0.16 },
      fy: { ...names('n', N), axis: 'left', padding: 0.16 },
      x: { axis: null },
      y: { axis: null },
      marks: [
        Plot.cell(entries, { ...place, fill: 'fill', inset: 0.5 }),
        Plot.cell(frame, { ...place, fill: 'none', stroke: PALETTE[2], strokeWidth: 3 }),
      ],
    });
  });
  return gridSvg(title, LEGEND, charts, { ...size, columns: 2 });
}
