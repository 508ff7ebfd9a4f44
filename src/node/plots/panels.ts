import { gridSvg, type LegendEntry } from './grid.js';
import { COLORS, type Draw, loadPlot, type Plot } from './svg.js';

/** A point of a line, with the lowest and the highest of what it is the middle of. */
export interface PanelPoint {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

/** A line of a panel; lines of one name share an entry of the legend. */
export interface PanelLine extends LegendEntry {
  points: readonly PanelPoint[];
  /** How `low` and `high` are drawn; a band without. */
  spread?: 'band' | 'bars';
  /** A dot at every point; `only` without the line through them. */
  dots?: boolean | 'only';
}

/** An axis; with `log`, what is not above 0 is left out. */
export interface Axis {
  label: string;
  log?: boolean;
  /** Where numbers stand, as far as there are points; chosen without. */
  ticks?: readonly number[];
  domain?: readonly [number, number];
}

/** One chart of several. */
export interface LinesPanel {
  title: string;
  x: Axis;
  y: Axis;
  lines: readonly PanelLine[];
}

/**
 * Lines in panels side by side under one title and one legend, each with a band or bars from low to high.
 *
 * @param columns panels a row
 * @returns the text of an SVG file
 */
export async function panelsSvg(
  title: string,
  panels: readonly LinesPanel[],
  columns = panels.length,
): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const legend = new Map<string, LegendEntry>();
  for (const { lines } of panels) for (const line of lines) if (!legend.has(line.name)) legend.set(line.name, line);
  const charts = panels.map((panel) => panelSvg(Plot, draw, panel));
  return gridSvg(title, [...legend.values()], charts, { ...SIZE, columns });
}

const SIZE = { width: 480, height: 330 };

function panelSvg(Plot: Plot, draw: Draw, { title, x, y, lines }: LinesPanel): string {
  const shown = lines.map((line) => ({ ...line, points: line.points.flatMap((point) => placed(point, x, y)) }));
  const points = shown.flatMap((line) => line.points);
  const ys = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  return draw({
    ...SIZE,
    marginLeft: 72,
    marginRight: 22,
    marginTop: 36,
    marginBottom: 46,
    style: { fontSize: '13px', color: COLORS.ink, background: 'none' },
    x: {
      ...axisOf(
        x,
        points.map((point) => point.x),
      ),
      labelOffset: 40,
    },
    y: { ...axisOf(y, ys), grid: true, labelOffset: 62 },
    marks: [
      ...shown.flatMap((line) => [spreadOf(Plot, line), ...lineOf(Plot, line)]),
      Plot.text([title], { frameAnchor: 'top', dy: -26, fill: COLORS.ink, fontWeight: 600, fontSize: 14 }),
    ],
  });
}

/**
 * Where a point stands; nowhere when one of its axes cannot show it. Logarithms are taken here: the charts' own logarithmic scale
 * leaves numbers out that it is told to write.
 */
function placed({ x, y, low, high }: PanelPoint, xAxis: Axis, yAxis: Axis): PanelPoint[] {
  const point = { x: position(x, xAxis), y: position(y, yAxis) };
  if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) return [];
  if (low === undefined || high === undefined) return [point];
  const [bottom, top] = [position(low, yAxis), position(high, yAxis)];
  return [Number.isFinite(bottom) && Number.isFinite(top) ? { ...point, low: bottom, high: top } : point];
}

function position(value: number, { log, domain }: Axis): number {
  const within = domain ? Math.min(Math.max(value, domain[0]), domain[1]) : value;
  return log ? Math.log10(within) : within;
}

/** Plot's options of an axis whose points have these positions. */
function axisOf(axis: Axis, positions: readonly number[]) {
  const { label, log, ticks, domain } = axis;
  const common = { label, labelArrow: 'none' as const, labelAnchor: 'center' as const, nice: domain === undefined };
  const fixed = domain ? { domain: domain.map((value) => position(value, axis)) } : {};
  if (!log && !ticks) return { ...common, ...fixed, ticks: 6 };
  const [low, high] = [Math.min(...positions), Math.max(...positions)];
  const within = (value: number) =>
    domain || (position(value, axis) >= low - 1e-9 && position(value, axis) <= high + 1e-9);
  const values = ticks?.filter(within) ?? logTicks(low, high);
  const valueAt = (at: number) => (log ? Number((10 ** at).toPrecision(6)) : at);
  return {
    ...common,
    ...fixed,
    nice: false,
    ticks: values.map((value) => position(value, axis)),
    tickFormat: (at: number) => (ticks ? plainText(valueAt(at)) : numberText(valueAt(at))),
  };
}

/** Powers of ten from one exponent to the other, at most eight; where these would be few, multiples of them too. */
function logTicks(low: number, high: number): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
  const exponents = Array.from({ length: Math.floor(high) - Math.floor(low) + 2 }, (_, i) => Math.floor(low) + i);
  const every = Math.ceil((high - low) / 8) || 1;
  const span = high - low;
  const digits = span < 0.7 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : span < 2 ? [1, 2, 5] : [1];
  return exponents
    .filter((exponent) => exponent % every === 0)
    .flatMap((exponent) => digits.map((digit) => digit * 10 ** exponent))
    .filter((value) => Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9);
}

function plainText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

function numberText(value: number): string {
  const rounded = Number(value.toPrecision(3));
  if (rounded !== 0 && (Math.abs(rounded) < 1e-3 || Math.abs(rounded) >= 1e4))
    return rounded.toExponential().replace('+', '');
  return plainText(rounded);
}

function spreadOf(Plot: Plot, { points, color, spread = 'band' }: PanelLine) {
  const whole = points.filter(({ low }) => low !== undefined);
  const reach = { x: 'x', y1: 'low', y2: 'high' };
  return spread === 'bars'
    ? Plot.ruleX(whole, { ...reach, stroke: color, strokeWidth: 2 })
    : Plot.areaY(whole, { ...reach, fill: color, fillOpacity: 0.18 });
}

function lineOf(Plot: Plot, { points, color, dashed, dots }: PanelLine) {
  const stroke = { stroke: color, strokeWidth: 2, strokeDasharray: dashed ? '5 4' : undefined };
  const line = Plot.line(points, { x: 'x', y: 'y', ...stroke });
  const places = Plot.dot(points, { x: 'x', y: 'y', fill: color, r: 3.5 });
  if (dots === 'only') return [places];
  return dots ? [line, places] : [line];
}
