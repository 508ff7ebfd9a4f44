import type { Markish } from '@observablehq/plot';
import { type Axis, positionOn, scaleOf } from './axes.js';
import { gridSvg, type LegendEntry } from './grid.js';
import { loadPlot, type PanelSize, type Plot } from './plot.js';
import { COLORS, PALETTE } from './svg.js';

/** A point of a line, and the range of values of which it is the middle. */
export interface PanelPoint {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

/** A line of a panel. Lines with the same name share an entry of the legend. */
export interface PanelLine extends Omit<LegendEntry, 'color'> {
  /** Default: the color of the palette at the place of the name in the legend. */
  color?: string;
  points: readonly PanelPoint[];
  /** How `low` and `high` are drawn. Default: as a band. */
  spread?: 'band' | 'bars';
  /** Draws a dot at every point. `only` leaves out the line. Default: false. */
  dots?: boolean | 'only';
  /** Writes the last value after the line. Default: false. */
  last?: boolean;
}

/** One chart of several. */
export interface LinesPanel {
  title: string;
  x: Axis;
  y: Axis;
  lines: readonly PanelLine[];
}

/** How panels are laid out. */
export interface PanelsLayout {
  /** Panels per row. Default: up to three. */
  columns?: number;
  /** The size of a panel in pixels. Default: 480 × 330, or 330 × 290 for three panels per row, or 640 × 360 for one. */
  size?: PanelSize;
}

const SIZES = [
  { width: 640, height: 360 },
  { width: 480, height: 330 },
  { width: 330, height: 290 },
];

/** Lines in panels, with one title and one legend, as the text of an SVG file. */
export async function panelsSvg(
  title: string,
  panels: readonly LinesPanel[],
  { columns = Math.min(3, panels.length), size = SIZES[columns - 1] }: PanelsLayout = {},
): Promise<string> {
  const { Plot, panel } = await loadPlot();
  const legend = new Map<string, LegendEntry>();
  for (const line of panels.flatMap(({ lines }) => lines))
    if (!legend.has(line.name)) legend.set(line.name, { color: PALETTE[legend.size % PALETTE.length], ...line });
  const charts = panels.map(({ title, x, y, lines }) => {
    const shown = lines.map((line) => ({
      ...{ color: legend.get(line.name)?.color, ...line },
      points: line.points.flatMap((point) => placed(point, x, y)),
    }));
    const points = shown.flatMap((line) => line.points);
    const xs = points.map(({ x }) => x);
    const ys = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
    const isAroundZero = !y.log && Math.min(...ys) < 0 && Math.max(...ys) > 0;
    const yScale = scaleOf(y, ys);
    return panel({
      ...size,
      title,
      ...(shown.some(({ last }) => last) ? { right: 58 } : {}),
      x: scaleOf(x, xs, size.width - 110),
      y: { ...yScale, grid: true },
      marks: [
        isAroundZero ? Plot.ruleY([0], { stroke: COLORS.ink, strokeOpacity: 0.5 }) : null,
        ...shown.flatMap((line) => lineMarks(Plot, line)),
        ...lastValues(Plot, shown, y, yScale.domain),
      ],
    });
  });
  return gridSvg(title, [...legend.values()], charts, { ...size, columns });
}

/** The mean of some values at one place, between the lowest and the highest. */
export function pointOf(x: number, values: readonly number[]): PanelPoint {
  const y = values.reduce((total, value) => total + value, 0) / values.length;
  return { x, y, low: Math.min(...values), high: Math.max(...values) };
}

/** The point at its positions on the axes, or nothing if one of the axes cannot show it. */
function placed({ x, y, low, high }: PanelPoint, xAxis: Axis, yAxis: Axis): PanelPoint[] {
  const point = { x: positionOn(xAxis, x), y: positionOn(yAxis, y) };
  if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) return [];
  if (low === undefined || high === undefined) return [point];
  const [bottom, top] = [positionOn(yAxis, low), positionOn(yAxis, high)];
  return [Number.isFinite(bottom) && Number.isFinite(top) ? { ...point, low: bottom, high: top } : point];
}

function lineMarks(Plot: Plot, { points, color, dash, dots = false, spread = 'band' }: PanelLine): Markish[] {
  const ranges = points.filter(({ low, high }) => low !== undefined && low !== high);
  const [range, place] = [
    { x: 'x', y1: 'low', y2: 'high' },
    { x: 'x', y: 'y' },
  ];
  return [
    spread === 'bars'
      ? Plot.ruleX(ranges, { ...range, stroke: color, strokeWidth: 2 })
      : Plot.areaY(ranges, { ...range, fill: color, fillOpacity: 0.18 }),
    dots === 'only' ? null : Plot.line(points, { ...place, stroke: color, strokeWidth: 2.2, strokeDasharray: dash }),
    // A line of one point can only be seen as a dot.
    dots || points.length === 1 ? Plot.dot(points, { ...place, fill: color, r: points.length > 40 ? 2.5 : 3.5 }) : null,
  ];
}

/**
 * The last value of each line that shows it. The highest moves up and the lowest down, so that close values stay
 * legible, and all of them up from the numbers below the axis.
 */
function lastValues(Plot: Plot, lines: readonly PanelLine[], { log }: Axis, [low, high]: readonly number[]): Markish[] {
  const ends = lines
    .flatMap(({ last, points, color }) => (last ? points.slice(-1).map(({ x, y }) => ({ x, y, color })) : []))
    .sort((a, b) => b.y - a.y);
  const isLow = (ends.at(-1)?.y ?? high) < low + 0.06 * (high - low);
  return ends.map(({ x, y, color }, i) =>
    Plot.text([(log ? 10 ** y : y).toFixed(3)], {
      ...{ x: [x], y: [y], fill: color, fontWeight: 600, textAnchor: 'start', dx: 8 },
      dy: (ends.length > 1 ? -7 + (14 * i) / (ends.length - 1) : 0) - (isLow ? 7 : 0),
    }),
  );
}
