import { gridSvg } from './grid.js';
import { COLORS, LETTER_WIDTH, loadPlot } from './svg.js';

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
  const { title, rows, columns, text = twoDecimals, cell = 46 } = options;
  const rowNames = options.rowNames ?? matrix.map((_, i) => String(i));
  const columnNames = options.columnNames ?? matrix[0].map((_, i) => String(i));
  const { Plot, draw } = await loadPlot();
  const cells = matrix.flatMap((row, i) => row.map((value, j) => ({ row: i, column: j, value })));
  const largest = Math.max(...cells.map(({ value }) => Math.abs(value))) || 1;
  const longest = (names: readonly string[]) => LETTER_WIDTH * Math.max(...names.map(({ length }) => length));
  const isRotated = longest(columnNames) > cell;
  const left = 46 + longest(rowNames);
  const bottom = isRotated ? 40 + 0.6 * longest(columnNames) : 54;
  const size = {
    width: Math.round(left + 24 + cell * columnNames.length),
    height: Math.round(8 + bottom + cell * 0.8 * rowNames.length),
  };
  const axis = { labelAnchor: 'center', labelArrow: 'none', tickSize: 0, padding: 0.04 } as const;
  const place = { x: 'column', y: 'row' };
  const chart = draw({
    ...size,
    marginLeft: left,
    marginRight: 24,
    marginTop: 8,
    marginBottom: bottom,
    x: {
      ...{ ...axis, label: columns, labelOffset: bottom - 8 },
      tickFormat: (j: number) => withMinus(columnNames[j]),
      ...(isRotated ? { tickRotate: -32 } : {}),
    },
    y: { ...axis, label: rows, labelOffset: left - 8, tickFormat: (i: number) => withMinus(rowNames[i]) },
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

/** Without the minus of −0.00. */
function twoDecimals(value: number): string {
  return value.toFixed(2).replace(/^-(0\.00)$/, '$1');
}

/** A number with a minus sign that is as wide as a digit. */
function withMinus(text: string): string {
  return text.replace(/^-(?=\d)/, '−');
}

/** White at 0, blue at 1, orange at −1. */
function shade(share: number): string {
  const toward = share < 0 ? [196, 78, 0] : [0, 92, 160];
  const strength = Math.min(1, Math.abs(share));
  return `rgb(${toward.map((channel) => Math.round(255 + (channel - 255) * strength)).join(',')})`;
}
