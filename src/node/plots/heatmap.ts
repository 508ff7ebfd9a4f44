import { loadPlot, STYLE, sideBySide, widthOfTitle } from './svg.js';

/** What `heatmapSvg` writes around and into its cells. */
export interface HeatmapOptions {
  /** Written above all, and read out for the picture. */
  title: string;
  /** The name of the axis down the side. */
  rows: string;
  /** The name of the axis below. */
  columns: string;
  /** The names of the rows, from the top; their indices from 0 without. */
  rowNames?: readonly string[];
  /** The names of the columns, from the left; their indices from 0 without. */
  columnNames?: readonly string[];
  /** The number in a cell; none for an empty text. Two decimals without. */
  text?: (value: number) => string;
  /** The width of a cell, in pixels; 46 without. It is 0.8 times as high. */
  cell?: number;
}

/**
 * A matrix as a picture: blue for positive, orange for negative, white for 0, the darker the larger, with the numbers in the
 * cells.
 *
 * @param matrix rows of one length, one or more
 * @returns the text of an SVG file
 */
export async function heatmapSvg(matrix: readonly (readonly number[])[], options: HeatmapOptions): Promise<string> {
  const { title, rows, columns, text = twoDecimals, cell = 46 } = options;
  const rowNames = options.rowNames ?? matrix.map((_, i) => String(i));
  const columnNames = options.columnNames ?? matrix[0].map((_, i) => String(i));
  const { Plot, draw } = await loadPlot();
  const cells = matrix.flatMap((row, i) => row.map((value, j) => ({ row: i, column: j, value })));
  const largest = Math.max(...cells.map(({ value }) => Math.abs(value))) || 1;
  const left = 42 + 7.5 * Math.max(...rowNames.map(({ length }) => length));
  const size = {
    width: Math.round(left + 24 + cell * columnNames.length),
    height: Math.round(62 + cell * 0.8 * rowNames.length),
  };
  const names = (list: readonly string[]) => (i: number) => withMinus(list[i]);
  const chart = draw({
    ...size,
    marginLeft: left,
    marginRight: 24,
    marginTop: 8,
    marginBottom: 54,
    style: STYLE,
    x: {
      label: columns,
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: names(columnNames),
      tickSize: 0,
      padding: 0.04,
    },
    y: {
      label: rows,
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: names(rowNames),
      tickSize: 0,
      padding: 0.04,
      labelOffset: left - 8,
    },
    marks: [
      Plot.cell(cells, {
        x: 'column',
        y: 'row',
        fill: ({ value }) => shade(value / largest),
        stroke: '#c8c8c8',
        strokeWidth: 0.7,
      }),
      Plot.text(cells, {
        x: 'column',
        y: 'row',
        text: ({ value }) => withMinus(text(value)),
        fill: ({ value }) => (Math.abs(value) / largest > 0.62 ? 'white' : ON_LIGHT),
      }),
    ],
  });
  return sideBySide(title, [chart], { ...size, width: Math.max(size.width, widthOfTitle(title)) });
}

/** None before 0. */
function twoDecimals(value: number): string {
  return value.toFixed(2).replace(/^-(0\.00)$/, '$1');
}

/** A number with a true minus sign, which is as wide as a digit. */
function withMinus(text: string): string {
  return text.replace(/^-(?=\d)/, '−');
}

/** The ink on pale cells, whatever the page around the picture is. */
export const ON_LIGHT = '#222222';

/** White at 0, blue at 1, orange at −1. */
export function shade(share: number): string {
  const toward = share < 0 ? [196, 78, 0] : [0, 92, 160];
  const strength = Math.min(1, Math.abs(share));
  return `rgb(${toward.map((channel) => Math.round(255 + (channel - 255) * strength)).join(',')})`;
}
