import { COLORS, loadPlot, SERIES_COLORS, STYLE, sideBySide, widthOfTitle } from './svg.js';

/** One line of a chart. */
export interface Line {
  /** Written above the chart, in the line's color. */
  name: string;
  /** Joined in this order; those with a number that is not finite are left out. */
  points: readonly (readonly [x: number, y: number])[];
}

/** What the axes of `linesSvg` say. */
export interface LinesOptions {
  /** Written above all, and read out for the picture. */
  title: string;
  /** The name of the axis below, with its unit where it has one. */
  x: string;
  /** The name of the axis at the side, with its unit where it has one. */
  y: string;
  /** Powers of ten along the axis below; points at 0 or below have no place on it. False without. */
  logX?: boolean;
  /** Powers of ten along the axis at the side; points at 0 or below have no place on it. False without. */
  logY?: boolean;
  /** Of the picture, in pixels; 560 without. */
  width?: number;
  /** Of the chart, in pixels, to which the title adds 44; 360 without. */
  height?: number;
}

const DASHES = ['none', '7 4', '2 3', '9 3 2 3', '4 2', '12 4'];

/**
 * Lines in one chart, each with a color and a dash pattern of its own and its name above: functions, errors over a step,
 * anything over anything.
 *
 * @param lines up to six
 * @returns the text of an SVG file
 * @throws RangeError for no line, or more than six
 */
export async function linesSvg(lines: readonly Line[], options: LinesOptions): Promise<string> {
  const { title, x, y, logX = false, logY = false, height = 360 } = options;
  const width = Math.max(options.width ?? 560, widthOfTitle(title));
  if (lines.length < 1 || lines.length > DASHES.length)
    throw new RangeError(`linesSvg: expected from 1 to ${DASHES.length} lines, got ${lines.length}`);
  const { Plot, draw } = await loadPlot();
  const has = ([px, py]: readonly [number, number]) =>
    Number.isFinite(px) && Number.isFinite(py) && (px > 0 || !logX) && (py > 0 || !logY);
  const drawn = lines.map(({ points }) => points.filter(has).map(([px, py]) => ({ x: px, y: py })));
  const rows = namesInRows(lines, width - 94);
  const legend = lines.map(({ name }, i) =>
    Plot.text([`${DASHES[i] === 'none' ? '━━' : DASHES[i].startsWith('2') ? '┅┅' : '╍╍'} ${name}`], {
      frameAnchor: 'top-left',
      dx: rows[i].dx,
      dy: -16 - 19 * (rows.at(-1)?.row ?? 0) + 19 * rows[i].row,
      fill: SERIES_COLORS[i],
      fontWeight: 600,
    }),
  );
  const base = { nice: true, labelArrow: 'none', grid: true } as const;
  const chart = draw({
    width,
    height,
    marginLeft: 74,
    marginRight: 20,
    marginTop: 32 + 19 * (rows.at(-1)?.row ?? 0),
    marginBottom: 46,
    style: STYLE,
    x: {
      ...base,
      label: x,
      labelAnchor: 'center',
      type: logX ? 'log' : 'linear',
      ...(logX ? powers(drawn, 'x') : { ticks: 7 }),
    },
    y: {
      ...base,
      label: y,
      labelAnchor: 'center',
      type: logY ? 'log' : 'linear',
      labelOffset: 66, // beyond ticks of six letters, such as 1e-10
      ...(logY ? powers(drawn, 'y') : { ticks: 6 }),
    },
    marks: [
      logY || drawn.flat().every((point) => point.y > 0)
        ? null
        : Plot.ruleY([0], { stroke: COLORS.ink, strokeOpacity: 0.5 }),
      ...drawn.map((points, i) =>
        Plot.line(points, { x: 'x', y: 'y', stroke: SERIES_COLORS[i], strokeWidth: 2.2, strokeDasharray: DASHES[i] }),
      ),
      ...legend,
    ],
  });
  return sideBySide(title, [chart], { width, height });
}

/** A function as a line of `linesSvg`: its values at `count` points, evenly spaced from `from` to `to`, both included. */
export function curve(name: string, f: (x: number) => number, from: number, to: number, count = 241): Line {
  const points = Array.from({ length: count }, (_, i): [number, number] => {
    const x = from + ((to - from) * i) / (count - 1);
    return [x, f(x)];
  });
  return { name, points };
}

/** Ticks at whole powers of ten, at most nine of them. */
function powers(lines: readonly (readonly { x: number; y: number }[])[], axis: 'x' | 'y') {
  const logs = lines.flat().map((point) => Math.log10(point[axis]));
  const [low, high] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const ticks = Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, i) => 10 ** (low + i * every));
  const domain = [10 ** low, 10 ** high];
  return { ticks, domain, tickFormat: (value: number) => `1e${Math.round(Math.log10(value))}`, nice: false };
}

/** Where each name of the legend stands: from left to right, in as many rows as that takes. */
function namesInRows(lines: readonly Line[], width: number): { dx: number; row: number }[] {
  let [dx, row] = [0, 0];
  return lines.map(({ name }) => {
    const needed = 48 + 8.2 * name.length;
    if (dx > 0 && dx + needed > width) [dx, row] = [0, row + 1];
    const place = { dx, row };
    dx += needed;
    return place;
  });
}
