import { gridSvg, type LegendEntry } from './grid.js';
import { COLOURS, type Draw, loadPlot, type Plot } from './svg.js';

/** A point of a line, with the lowest and the highest of what it is the middle of. */
export interface LinePoint {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

/** A line of a panel; lines of one name share an entry of the legend. */
export interface Line extends LegendEntry {
  points: readonly LinePoint[];
  /** How `low` and `high` are drawn; a band without. */
  spread?: 'band' | 'bars';
  /** A dot at every point. */
  dots?: boolean;
}

/** An axis; with `log`, what is not above 0 is left out. */
export interface Axis {
  label: string;
  log?: boolean;
  /** Where numbers stand; chosen without. */
  ticks?: readonly number[];
  domain?: readonly [number, number];
}

/** One chart of several. */
export interface LinesPanel {
  title: string;
  x: Axis;
  y: Axis;
  lines: readonly Line[];
}

/**
 * Lines in panels side by side under one title and one legend, each with a band or bars from low to high.
 *
 * @param columns panels a row
 * @returns the text of an SVG file
 */
export async function linesSvg(title: string, panels: readonly LinesPanel[], columns = panels.length): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const legend = new Map<string, LegendEntry>();
  for (const { lines } of panels) for (const line of lines) if (!legend.has(line.name)) legend.set(line.name, line);
  const charts = panels.map((panel) => panelSvg(Plot, draw, panel));
  return gridSvg(title, [...legend.values()], charts, { ...SIZE, columns });
}

const SIZE = { width: 480, height: 330 };

function panelSvg(Plot: Plot, draw: Draw, { title, x, y, lines }: LinesPanel): string {
  const shown = lines.map((line) => ({ ...line, points: line.points.filter((point) => isShown(point, x, y)) }));
  const axis = ({ label, log, domain }: Axis) => ({
    label,
    labelArrow: 'none' as const,
    type: log ? ('log' as const) : ('linear' as const),
    ...(domain ? { domain, clamp: true } : {}),
  });
  return draw({
    ...SIZE,
    marginLeft: 64,
    marginRight: 20,
    marginTop: 44,
    marginBottom: 46,
    style: { fontSize: '13px', color: COLOURS.ink, background: 'none' },
    x: { ...axis(x), labelAnchor: 'center', ...ticksOf(x, 6) },
    y: { ...axis(y), grid: true, nice: y.domain === undefined, labelOffset: 58, ...ticksOf(y, 5) },
    marks: [
      ...shown.flatMap((line) => [spreadOf(Plot, line, y), ...lineOf(Plot, line)]),
      Plot.text([title], { frameAnchor: 'top', dy: -32, fill: COLOURS.ink, fontWeight: 600, fontSize: 14 }),
    ],
  });
}

/** Of a logarithmic axis without ticks of its own: powers of ten, as long as they are few. */
function ticksOf({ log, ticks }: Axis, count: number): object {
  if (ticks)
    return { ticks, tickFormat: (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 5 }) };
  return log ? { ticks: count, tickFormat: tenths } : { ticks: count };
}

/** A power of ten as one; what stands between them has no room. */
function tenths(value: number): string {
  const exponent = Math.log10(value);
  if (Math.abs(exponent - Math.round(exponent)) > 1e-9) return '';
  return exponent >= -3 && exponent <= 4 ? String(Number(value.toPrecision(1))) : `1e${Math.round(exponent)}`;
}

function isShown({ x, y }: LinePoint, xAxis: Axis, yAxis: Axis): boolean {
  const fits = (value: number, { log }: Axis) => Number.isFinite(value) && (!log || value > 0);
  return fits(x, xAxis) && fits(y, yAxis);
}

function spreadOf(Plot: Plot, { points, colour, spread = 'band' }: Line, { log }: Axis) {
  const whole = points.filter(({ low, high }) => low !== undefined && high !== undefined && (!log || low > 0));
  const reach = { x: 'x', y1: 'low', y2: 'high' };
  return spread === 'bars'
    ? Plot.ruleX(whole, { ...reach, stroke: colour, strokeWidth: 2 })
    : Plot.areaY(whole, { ...reach, fill: colour, fillOpacity: 0.18 });
}

function lineOf(Plot: Plot, { points, colour, dashed, dots }: Line) {
  const stroke = { stroke: colour, strokeWidth: 2, strokeDasharray: dashed ? '5 4' : undefined };
  const line = Plot.line(points, { x: 'x', y: 'y', ...stroke });
  return dots ? [line, Plot.dot(points, { x: 'x', y: 'y', fill: colour, r: 3.5 })] : [line];
}
