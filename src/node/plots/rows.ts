import { type Axis, axisOptions, positionOn } from './axes.js';
import { gridSvg } from './grid.js';
import { COLORS, LETTER_WIDTH, loadPlot } from './svg.js';

/** The mark of a value in a row, by its sign in the legend. */
const SYMBOLS = { '●': 'circle', '■': 'square', '◆': 'diamond', '▲': 'triangle' } as const;

/** The sign of a series: a symbol, a ring, or a bar that begins at 0. */
export type RowSign = keyof typeof SYMBOLS | '○' | '▬';

/** Values of the same kind, at most one per row. */
export interface RowSeries {
  name: string;
  color: string;
  sign: RowSign;
  values: readonly RowValue[];
}

/** A value in the row with the given name. */
export interface RowValue {
  row: string;
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
  x: Axis,
  series: readonly RowSeries[],
  rule?: RowsRule,
): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const left = 30 + LETTER_WIDTH * Math.max(...rows.map(({ length }) => length));
  const size = { width: left + 500, height: 86 + 30 * rows.length };
  const drawn = series.map(({ values, ...rest }) => ({
    ...rest,
    values: values
      .map(({ row, value, low = value, high = value, text }) => {
        const [at, from, to] = [value, low, high].map((each) => positionOn(x, each));
        return { row, at, from, to, text };
      })
      .filter(({ at }) => Number.isFinite(at)),
  }));
  const positions = drawn.flatMap(({ values }) => values.flatMap(({ from, to }) => [from, to]));
  const marks = drawn.flatMap(({ color, sign, values }) => {
    const place = { x: 'at', y: 'row' };
    if (sign === '▬') return [Plot.barX(values, { ...place, fill: color, insetTop: 2, insetBottom: 2 })];
    const range = Plot.ruleY(values, { y: 'row', x1: 'from', x2: 'to', stroke: color, strokeWidth: 3 });
    const ring = { ...place, stroke: color, fill: 'none', strokeWidth: 2.4, r: 5 };
    return [range, Plot.dot(values, sign === '○' ? ring : { ...place, fill: color, symbol: SYMBOLS[sign], r: 5.5 })];
  });
  // The text of a bar is inside it, or after it if the bar is too short.
  const longest = Math.max(...positions);
  const texts = drawn.flatMap(({ color, values }) =>
    values.flatMap(({ row, at, text }) => {
      if (text === undefined) return [];
      const isInside = at > 0.13 * longest;
      return { row, text, x: isInside ? 0 : at, fill: isInside ? 'white' : color };
    }),
  );
  const chart = draw({
    ...size,
    marginLeft: left,
    marginRight: 28,
    marginTop: 30,
    marginBottom: 50,
    x: { ...axisOptions(x, positions), grid: true, labelOffset: 42 },
    y: { label: null, domain: [...rows], type: 'band', padding: 0.2, tickSize: 0 },
    marks: [
      ...marks,
      Plot.text(texts, { x: 'x', y: 'row', text: 'text', fill: 'fill', dx: 6, fontWeight: 600, textAnchor: 'start' }),
      ...(rule
        ? [Plot.ruleX([positionOn(x, rule.value)], { stroke: COLORS.ink, strokeDasharray: '5 4', strokeWidth: 1.6 })]
        : []),
      ...(rule ? [Plot.text([rule], { x: positionOn(x, rule.value), frameAnchor: 'top', dy: -14, text: 'text' })] : []),
    ],
  });
  return gridSvg(title, series, [chart], { ...size, columns: 1 });
}
