import {
  assertFlag,
  assertFunction,
  assertList,
  assertMatrix,
  assertNoMoreOptions,
  assertNumber,
  assertText,
  assertWhole,
  checkedOptions,
} from '../../array/index.js';
import { panelsSvg } from './panels.js';
import { PALETTE } from './svg.js';

/** One line of a chart. */
export interface Line {
  /** Its name in the legend. */
  name: string;
  /** The points, joined in this order. Points with a number that is not finite are left out. */
  points: readonly (readonly [x: number, y: number])[];
}

/** The options of `linesSvg`. */
export interface LinesOptions {
  /** The title of the picture. */
  title: string;
  /** The name of the horizontal axis, with its unit if it has one. */
  x: string;
  /** The name of the vertical axis, with its unit if it has one. */
  y: string;
  /** Whether the horizontal axis is logarithmic. Points at 0 or below are left out. Default: false. */
  logX?: boolean;
  /** Whether the vertical axis is logarithmic. Points at 0 or below are left out. Default: false. */
  logY?: boolean;
  /** The width of the chart in pixels. Default: 560. */
  width?: number;
  /** The height of the chart in pixels, without title and legend. Default: 360. */
  height?: number;
}

const STYLES = [
  { color: PALETTE[1] },
  { color: PALETTE[2], dash: '7 4' },
  { color: PALETTE[3], dash: '2 3' },
  { color: PALETTE[4], dash: '9 3 2 3' },
  { color: PALETTE[5], dash: '4 2' },
  { color: PALETTE[0], dash: '12 4' },
];

/**
 * Draws lines in one chart, each with its own color and dash pattern.
 *
 * @param lines up to six lines
 * @returns the text of an SVG file
 * @throws RangeError for no line, or more than six
 */
export async function linesSvg(lines: readonly Line[], options: LinesOptions): Promise<string> {
  assertList('linesSvg', 'lines', lines, '[{ name, points }]');
  for (const line of lines) {
    const { name, points } = checkedOptions('linesSvg', line);
    assertText('linesSvg', 'name', name);
    assertMatrix('linesSvg', 'points', points);
  }
  checkedOptions('linesSvg', options);
  const { title, x, y, logX: log = false, logY = false, width = 560, height = 360, ...rest } = options;
  assertNoMoreOptions('linesSvg', rest);
  for (const [label, text] of Object.entries({ title, x, y })) assertText('linesSvg', label, text);
  assertFlag('linesSvg', 'logX', log);
  assertFlag('linesSvg', 'logY', logY);
  assertWhole('linesSvg', 'width', width, 1);
  assertWhole('linesSvg', 'height', height, 1);
  if (lines.length < 1 || lines.length > STYLES.length)
    throw new RangeError(`linesSvg: expected from 1 to ${STYLES.length} lines, got ${lines.length}`);
  const drawn = lines.map(({ name, points }, i) => ({
    name,
    ...STYLES[i],
    points: points.map(([x, y]) => ({ x, y })),
  }));
  const panel = { title: '', x: { label: x, log }, y: { label: y, log: logY }, lines: drawn };
  return panelsSvg(title, [panel], { size: { width, height } });
}

/**
 * A function as a line of `linesSvg`: its values at `count` points, evenly spaced from `from` to `to`, both included.
 */
export function curve(name: string, f: (x: number) => number, from: number, to: number, count = 241): Line {
  assertText('curve', 'name', name);
  assertFunction('curve', 'f', f);
  assertNumber('curve', 'from', from);
  assertNumber('curve', 'to', to);
  assertWhole('curve', 'count', count, 2);
  const points = Array.from({ length: count }, (_, i): [number, number] => {
    const x = from + ((to - from) * i) / (count - 1);
    return [x, f(x)];
  });
  return { name, points };
}
