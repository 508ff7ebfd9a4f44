import { exponentsBetween, tickText } from './axes.js';
import { gridSvg } from './grid.js';
import { textElement } from './svg.js';

/** A heat map over steps: one row per name, one column per step. Positive values are colored by their logarithm. */
export interface StepHeatmap {
  title: string;
  rows: readonly string[];
  steps: readonly number[];
  /** values[row][column]. A value that is 0 or not finite is gray. */
  values: readonly (readonly number[])[];
}

const LEFT = 72;
const RIGHT = 14;
const TOP = 34;
const BOTTOM = 46;

/** Draws heat maps over steps with one title and one logarithmic color scale, as the text of an SVG file. */
export function stepHeatmapsSvg(
  title: string,
  maps: readonly StepHeatmap[],
  columns = Math.min(3, maps.length),
): string {
  const logs = maps.flatMap(({ values }) =>
    values.flat().flatMap((value) => (isShown(value) ? Math.log10(value) : [])),
  );
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const share = (value: number) => (Math.log10(value) - low) / Math.max(1, high - low);
  const legend = exponentsBetween(low, high).map((exponent) => ({
    name: tickText(10 ** exponent),
    color: viridis(share(10 ** exponent)),
  }));
  const rows = Math.max(...maps.map((map) => map.rows.length));
  const size = { width: columns > 2 ? 330 : 480, height: TOP + BOTTOM + Math.max(200, 18 * rows) };
  const charts = maps.map((map) => chart(map, size, share));
  return gridSvg(title, legend, charts, { ...size, columns });
}

function isShown(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function chart(
  { title, rows, steps, values }: StepHeatmap,
  { width, height }: { width: number; height: number },
  share: (value: number) => number,
): string {
  const [across, down] = [width - LEFT - RIGHT, height - TOP - BOTTOM];
  const [cellWidth, cellHeight] = [across / steps.length, down / rows.length];
  const x = (column: number) => (LEFT + column * cellWidth).toFixed(2);
  const y = (row: number) => (TOP + row * cellHeight).toFixed(2);
  const size = `width="${(cellWidth + 0.3).toFixed(2)}" height="${(cellHeight - 1).toFixed(2)}"`;
  const cells = values.flatMap((line, row) =>
    line.map((value, column) => {
      const fill = isShown(value) ? viridis(share(value)) : '#d0d0d0';
      return `<rect x="${x(column)}" y="${y(row)}" ${size} fill="${fill}"/>`;
    }),
  );
  const marked = [...new Set([0, 0.5, 1].map((part) => Math.round(part * (steps.length - 1))))];
  const anchors = ['start', 'middle', 'end'];
  const middle = LEFT + across / 2;
  return [
    `<svg width="${width}" height="${height}">`,
    textElement(title, middle, 20, 'font-weight="600" text-anchor="middle"'),
    ...cells,
    ...rows.map((name, row) => textElement(name, LEFT - 6, TOP + (row + 0.5) * cellHeight + 5, 'text-anchor="end"')),
    ...marked.map((column, i) =>
      textElement(String(steps[column]), x(column + 0.5), TOP + down + 18, `text-anchor="${anchors[i]}"`),
    ),
    textElement('step', middle, TOP + down + 38, 'text-anchor="middle"'),
    '</svg>',
  ].join('\n');
}

/** Colors of the viridis scale, whose lightness grows evenly from dark blue to yellow. */
const VIRIDIS = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [225, 212, 30],
];

function viridis(share: number): string {
  const position = Math.min(Math.max(share, 0), 1) * (VIRIDIS.length - 1);
  const below = Math.min(Math.floor(position), VIRIDIS.length - 2);
  const channel = (i: number) =>
    Math.round(VIRIDIS[below][i] + (position - below) * (VIRIDIS[below + 1][i] - VIRIDIS[below][i]));
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}
