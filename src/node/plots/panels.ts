import { type Axis, axisOptions, positionOn } from './axes.js';
import { gridSvg, type LegendEntry } from './grid.js';
import { COLORS, type Draw, FONT_SIZE, LETTER_WIDTH, loadPlot, type Plot } from './svg.js';

/** A point of a line, and the range of values of which it is the middle. */
export interface PanelPoint {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

/** A line of a panel. Lines with the same name share an entry of the legend. */
export interface PanelLine extends LegendEntry {
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
  /** The size of a panel in pixels. Default: 480 × 330, or 330 × 290 for three panels per row. */
  size?: { width: number; height: number };
}

const WIDE = { width: 480, height: 330 };
const NARROW = { width: 330, height: 290 };

/** Lines in panels, with one title and one legend, as the text of an SVG file. */
export async function panelsSvg(
  title: string,
  panels: readonly LinesPanel[],
  { columns = Math.min(3, panels.length), size = columns > 2 ? NARROW : WIDE }: PanelsLayout = {},
): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const legend = new Map<string, LegendEntry>();
  for (const { lines } of panels) for (const line of lines) if (!legend.has(line.name)) legend.set(line.name, line);
  const charts = panels.map((panel) => panelSvg(Plot, draw, panel, size));
  return gridSvg(title, [...legend.values()], charts, { ...size, columns });
}

function panelSvg(Plot: Plot, draw: Draw, { title, x, y, lines }: LinesPanel, size: { width: number; height: number }) {
  const shown = lines.map((line) => ({ ...line, points: line.points.flatMap((point) => placed(point, x, y)) }));
  const points = shown.flatMap((line) => line.points);
  const ys = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  const xs = points.map((point) => point.x);
  const lineWidth = size.width - 24;
  const titleLines = Math.ceil((title.length * LETTER_WIDTH) / lineWidth);
  const hasLast = shown.some(({ last }) => last);
  return draw({
    ...size,
    marginLeft: 72,
    marginRight: hasLast ? 58 : 24,
    marginTop: 14 + 18 * titleLines,
    marginBottom: 50,
    x: {
      ...axisOptions(x, xs),
      labelOffset: 42,
      ...(size.width < WIDE.width && !x.ticks && !x.log ? { ticks: 4 } : {}),
    },
    y: { ...axisOptions(y, ys), grid: true, labelOffset: 64 },
    marks: [
      !y.log && Math.min(...ys) < 0 && Math.max(...ys) > 0
        ? Plot.ruleY([0], { stroke: COLORS.ink, strokeOpacity: 0.5 })
        : null,
      ...shown.flatMap((line) => [spreadMark(Plot, line), ...lineMarks(Plot, line)]),
      ...lastValues(shown, y).map(({ point, text, color, dy }) =>
        Plot.text([point], {
          x: 'x',
          y: 'y',
          text: () => text,
          fill: color,
          dx: 8,
          dy,
          textAnchor: 'start',
          fontWeight: 600,
        }),
      ),
      Plot.text([title], {
        frameAnchor: 'top',
        lineAnchor: 'bottom',
        dy: -8,
        lineWidth: lineWidth / FONT_SIZE,
        fontWeight: 600,
      }),
    ],
  });
}

/** The point at its positions on the axes, or nothing if one of the axes cannot show it. */
function placed({ x, y, low, high }: PanelPoint, xAxis: Axis, yAxis: Axis): PanelPoint[] {
  const point = { x: positionOn(xAxis, x), y: positionOn(yAxis, y) };
  if (!Number.isFinite(point.x) || !Number.isFinite(point.y)) return [];
  if (low === undefined || high === undefined) return [point];
  const [bottom, top] = [positionOn(yAxis, low), positionOn(yAxis, high)];
  return [Number.isFinite(bottom) && Number.isFinite(top) ? { ...point, low: bottom, high: top } : point];
}

function spreadMark(Plot: Plot, { points, color, spread = 'band' }: PanelLine) {
  const ranges = points.filter(({ low, high }) => low !== undefined && low !== high);
  const range = { x: 'x', y1: 'low', y2: 'high' };
  return spread === 'bars'
    ? Plot.ruleX(ranges, { ...range, stroke: color, strokeWidth: 2 })
    : Plot.areaY(ranges, { ...range, fill: color, fillOpacity: 0.18 });
}

function lineMarks(Plot: Plot, { points, color, dash, dots }: PanelLine) {
  const line = Plot.line(points, { x: 'x', y: 'y', stroke: color, strokeWidth: 2.2, strokeDasharray: dash });
  const circles = Plot.dot(points, { x: 'x', y: 'y', fill: color, r: points.length > 40 ? 2.5 : 3.5 });
  if (dots === 'only') return [circles];
  return dots ? [line, circles] : [line];
}

/**
 * The last value of each line that shows it. The highest moves up and the lowest down, so that close values stay
 * legible.
 */
function lastValues(lines: readonly PanelLine[], { log }: Axis) {
  const last = lines
    .filter(({ last, points }) => last && points.length > 0)
    .map(({ points, color }) => ({ point: points[points.length - 1], color }))
    .sort((a, b) => b.point.y - a.point.y);
  return last.map(({ point, color }, i) => ({
    point,
    color,
    text: (log ? 10 ** point.y : point.y).toFixed(3),
    dy: last.length > 1 ? -7 + (14 * i) / (last.length - 1) : 0,
  }));
}
