import { gridSvg } from './grid.js';
import { COLORS, escapeText } from './svg.js';

/** A heat map: a row for each name, a column for each step, positive numbers by the color of their logarithm. */
export interface HeatMap {
  title: string;
  rows: readonly string[];
  steps: readonly number[];
  /** values[row][column]; what is 0 or not finite is left gray. */
  values: readonly (readonly number[])[];
}

const SIZE = { width: 480, left: 84, right: 14, top: 34, bottom: 44 };

/**
 * Heat maps side by side under one title and one scale of colors, powers of ten from dark to light.
 *
 * @returns the text of an SVG file
 */
export function heatSvg(title: string, maps: readonly HeatMap[], columns = maps.length): string {
  const exponents = maps.flatMap(({ values }) =>
    values.flat().flatMap((value) => (isShown(value) ? Math.log10(value) : [])),
  );
  const [low, high] = [Math.floor(Math.min(...exponents)), Math.ceil(Math.max(...exponents))];
  const share = (value: number) => (Math.log10(value) - low) / Math.max(1, high - low);
  const every = Math.ceil((high - low) / 8) || 1;
  const legend = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => {
    const exponent = low + i * every;
    return { name: exponent === 0 ? '1' : `1e${exponent}`, color: ramp((exponent - low) / Math.max(1, high - low)) };
  });
  const rows = Math.max(...maps.map((map) => map.rows.length));
  const height = SIZE.top + SIZE.bottom + Math.max(200, 17 * rows);
  const charts = maps.map((map) => chart(map, height, share));
  return gridSvg(title, legend, charts, { width: SIZE.width, height, columns });
}

function isShown(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function chart({ title, rows, steps, values }: HeatMap, height: number, share: (value: number) => number): string {
  const [across, down] = [SIZE.width - SIZE.left - SIZE.right, height - SIZE.top - SIZE.bottom];
  const [cellWidth, cellHeight] = [across / steps.length, down / rows.length];
  const x = (column: number) => (SIZE.left + column * cellWidth).toFixed(2);
  const y = (row: number) => (SIZE.top + row * cellHeight).toFixed(2);
  const size = `width="${(cellWidth + 0.3).toFixed(2)}" height="${(cellHeight - 1).toFixed(2)}"`;
  const cells = values.flatMap((line, row) =>
    line.map((value, column) => {
      const fill = isShown(value) ? ramp(share(value)) : '#d0d0d0';
      return `<rect x="${x(column)}" y="${y(row)}" ${size} fill="${fill}"/>`;
    }),
  );
  const text = (words: string, left: number | string, top: number, rest: string) =>
    `<text x="${left}" y="${top}" font-size="13" fill="${COLORS.ink}" ${rest}>${escapeText(words)}</text>`;
  const marked = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(part * (steps.length - 1)));
  const middle = SIZE.left + across / 2;
  return [
    `<svg width="${SIZE.width}" height="${height}">`,
    text(title, middle, 20, 'font-weight="600" text-anchor="middle"'),
    ...cells,
    ...rows.map((name, row) => text(name, SIZE.left - 6, SIZE.top + (row + 0.5) * cellHeight + 4, 'text-anchor="end"')),
    ...[...new Set(marked)].map((column) =>
      text(String(steps[column]), x(column + 0.5), SIZE.top + down + 16, 'text-anchor="middle"'),
    ),
    text('step', middle, SIZE.top + down + 36, 'text-anchor="middle"'),
    '</svg>',
  ].join('\n');
}

/** From dark blue over green to yellow, of even lightness steps: stops of the scale viridis. */
const STOPS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [225, 212, 30],
];

function ramp(share: number): string {
  const position = Math.min(Math.max(share, 0), 1) * (STOPS.length - 1);
  const below = Math.min(Math.floor(position), STOPS.length - 2);
  const channel = (i: number) =>
    Math.round(STOPS[below][i] + (position - below) * (STOPS[below + 1][i] - STOPS[below][i]));
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}
