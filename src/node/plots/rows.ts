import { type Axis, positionOn, scaleOf } from './axes.js';
import { gridSvg } from './grid.js';
import { leftMargin, loadPlot, namesScale } from './plot.js';
import { COLORS } from './svg.js';

/** The mark of a value in a row, by its sign in the legend. */
const SYMBOLS = { '●': 'circle', '■': 'square', '◆': 'diamond', '▲': 'triangle' } as const;

/** Values of the same kind, at most one per row. */
export interface RowSeries {
  name: string;
  color: string;
  /** A symbol, a ring, or a bar that begins at 0. */
  sign: keyof typeof SYMBOLS | '○' | '▬';
  values: readonly RowValue[];
}

/** A value in the row with the given index. */
export interface RowValue {
  row: number;
  value: number;
  /** A bar from `low` to `high` behind the value. */
  low?: number;
  high?: number;
  /** A text for a bar. */
  text?: string;
}

/** A vertical line with a text above it. */
export interface RowsRule {
  value: number;
  text: string;
}

/** Draws values in named rows on one axis, as the text of an SVG file. */
export async function rowsSvg(
  title: string,
  rows: readonly string[],
  axis: Axis,
  series: readonly RowSeries[],
  rule?: RowsRule,
): Promise<string> {
  const { Plot, panel } = await loadPlot();
  const y = { ...namesScale(rows), padding: 0.2 };
  const left = leftMargin(y);
  const size = { width: left + 480, height: 86 + 30 * rows.length };
  const drawn = series.map(({ values, ...rest }) => {
    const placed = values.map(({ row, value, low = value, high = value, text }) => {
      const [at, from, to] = [value, low, high].map((each) => positionOn(axis, each));
      return { row, at, from, to, text };
    });
    return { ...rest, values: placed.filter(({ at }) => Number.isFinite(at)) };
  });
  const ends = drawn.flatMap(({ values }) => values.flatMap(({ from, to }) => [from, to]));
  const longest = Math.max(...ends);
  const rules = rule ? [{ ...rule, at: positionOn(axis, rule.value) }] : [];
  const chart = panel({
    ...{ ...size, left, top: 30, y },
    x: { ...scaleOf(axis, ends, 480), grid: true },
    marks: [
      ...drawn.flatMap(({ color, sign, values }) => {
        const place = { x: 'at', y: 'row' };
        if (sign === '▬') return [Plot.barX(values, { ...place, fill: color, insetTop: 2, insetBottom: 2 })];
        const ring = { stroke: color, fill: 'none', strokeWidth: 2.4, r: 5 };
        const filled = { fill: color, r: 5.5, ...(sign === '○' ? {} : { symbol: SYMBOLS[sign] }) };
        return [
          Plot.ruleY(values, { y: 'row', x1: 'from', x2: 'to', stroke: color, strokeWidth: 3 }),
          Plot.dot(values, { ...place, ...(sign === '○' ? ring : filled) }),
        ];
      }),
      // The text of a bar is inside it, or after it if the bar is too short.
      ...drawn.map(({ color, values }) =>
        Plot.text(values, {
          x: ({ at }) => (at > 0.13 * longest ? 0 : at),
          fill: ({ at }) => (at > 0.13 * longest ? 'white' : color),
          ...{ y: 'row', text: ({ text }) => text, dx: 6, fontWeight: 600, textAnchor: 'start' },
        }),
      ),
      Plot.ruleX(rules, { x: 'at', stroke: COLORS.ink, strokeDasharray: '5 4', strokeWidth: 1.6 }),
      Plot.text(rules, { x: 'at', frameAnchor: 'top', dy: -14, text: 'text' }),
    ],
  });
  return gridSvg(title, series, [chart], { ...size, columns: 1 });
}
