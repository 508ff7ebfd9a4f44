import {
  assertFunction,
  assertMatrix,
  assertText,
  assertTexts,
  assertWhole,
  checkedOptions,
} from '../../array/index.js';
import { withMinus } from './axes.js';
import { gridSvg } from './grid.js';
import { leftMargin, loadPlot, namesScale } from './plot.js';
import { COLORS, textWidth } from './svg.js';

/** The options of `heatmapSvg`. */
export interface HeatmapOptions {
  /** The title of the picture. */
  title: string;
  /** The name of the vertical axis. */
  rows: string;
  /** The name of the horizontal axis. */
  columns: string;
  /** The names of the rows, from the top. Default: their indices, from 0. */
  rowNames?: readonly string[];
  /** The names of the columns, from the left. Default: their indices, from 0. */
  columnNames?: readonly string[];
  /** The text of a cell. Default: the value with two decimals. */
  text?: (value: number, row: number, column: number) => string;
  /** The width of a cell in pixels. Its height is 0.8 of it. Default: 46. */
  cell?: number;
}

/**
 * Draws a matrix as colored cells with their values: blue for positive, orange for negative, white for 0, and darker
 * for larger values.
 *
 * @param matrix one or more rows of the same length
 * @returns the text of an SVG file
 */
export async function heatmapSvg(matrix: readonly (readonly number[])[], options: HeatmapOptions): Promise<string> {
  assertMatrix('heatmapSvg', 'matrix', matrix);
  checkedOptions('heatmapSvg', options);
  const { title, rows, columns, text = (value) => value.toFixed(2), cell = 46 } = options;
  for (const [label, words] of Object.entries({ title, rows, columns })) assertText('heatmapSvg', label, words);
  assertFunction('heatmapSvg', 'text', text);
  assertWhole('heatmapSvg', 'cell', cell, 1);
  const { rowNames = matrix.map((_, i) => String(i)), columnNames = matrix[0].map((_, i) => String(i)) } = options;
  assertTexts('heatmapSvg', 'rowNames', rowNames);
  assertTexts('heatmapSvg', 'columnNames', columnNames);
  const { Plot, panel } = await loadPlot();
  const cells = matrix.flatMap((row, i) => row.map((value, j) => ({ row: i, column: j, value })));
  const largest = Math.max(...cells.map(({ value }) => Math.abs(value))) || 1;
  const longest = Math.max(...columnNames.map((name) => textWidth(name)));
  const isRotated = longest > cell;
  const bottom = Math.ceil(isRotated ? 44 + 0.6 * longest : 54);
  const y = namesScale(rowNames.map(withMinus), rows);
  const width = leftMargin(y) + 24 + cell * columnNames.length;
  const size = { width, height: Math.ceil(18 + bottom + 0.8 * cell * rowNames.length) };
  const place = { x: 'column', y: 'row' };
  const chart = panel({
    ...{ ...size, right: 24, bottom, y },
    x: { ...namesScale(columnNames.map(withMinus), columns), ...(isRotated ? { tickRotate: -32 } : {}) },
    marks: [
      Plot.cell(cells, { ...place, fill: ({ value }) => shade(value / largest), stroke: '#c8c8c8', strokeWidth: 0.7 }),
      Plot.text(cells, {
        ...place,
        text: ({ value, row, column }) => withMinus(text(value, row, column)),
        fill: ({ value }) => (Math.abs(value) / largest > 0.55 ? 'white' : COLORS.ink),
      }),
    ],
  });
  return gridSvg(title, [], [chart], { ...size, columns: 1 });
}

/** White at 0, blue at 1, orange at −1. */
function shade(part: number): string {
  const toward = part < 0 ? [196, 78, 0] : [0, 92, 160];
  const strength = Math.min(1, Math.abs(part));
  return `rgb(${toward.map((channel) => Math.round(255 + (channel - 255) * strength)).join(',')})`;
}
