import { COLORS, type Draw, loadPlot, type Plot, STYLE, sideBySide } from './svg.js';

/** The numbers of one panel. */
export interface Spread {
  /** Written above the panel. */
  name: string;
  /** Finite numbers, one or more; counted in 40 bins from the least to the greatest. */
  values: ArrayLike<number>;
}

const SIZE = { width: 300, height: 220 };
const BINS = 40;

/**
 * Histograms, a panel each: the outputs of a net's layers, or anything else. The line stands at 0; mean and standard deviation
 * are written above.
 *
 * @param unit what the numbers are
 * @returns the text of an SVG file
 */
export async function histogramsSvg(spreads: readonly Spread[], unit: string, title: string): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const panels = spreads.map((spread) => panel(Plot, draw, spread, unit));
  return sideBySide(title, panels, SIZE, Math.min(3, Math.max(2, spreads.length)));
}

function panel(Plot: Plot, draw: Draw, { name, values }: Spread, unit: string): string {
  const numbers = Array.from(values);
  const mean = numbers.reduce((total, value) => total + value, 0) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((total, value) => total + (value - mean) ** 2, 0) / numbers.length);
  const [low, high] = numbers.reduce(
    ([l, h], value) => [Math.min(l, value), Math.max(h, value)],
    [Infinity, -Infinity],
  );
  const [from, to] = low < high ? [low, high] : [low - 0.5, low + 0.5]; // all the same, as after no step at all
  const counts = Array<number>(BINS).fill(0);
  for (const value of numbers) counts[Math.min(BINS - 1, Math.floor((BINS * (value - from)) / (to - from)))]++;
  const bars = counts.map((count, i) => ({
    from: from + (i * (to - from)) / BINS,
    to: from + ((i + 1) * (to - from)) / BINS,
    share: count / numbers.length,
  }));
  return draw({
    ...SIZE,
    marginLeft: 66,
    marginRight: 14,
    marginTop: 44,
    marginBottom: 42,
    style: { ...STYLE, fontSize: '12px' },
    x: { label: unit, labelAnchor: 'center', labelArrow: 'none', ticks: 4, tickFormat: short },
    y: {
      label: 'share',
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 60,
      grid: true,
      ticks: 4,
      tickFormat: (value: number) => `${+(100 * value).toPrecision(2)} %`,
    },
    marks: [
      Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'share', fill: COLORS.train, inset: 0.3 }),
      from <= 0 && to >= 0 ? Plot.ruleX([0], { stroke: COLORS.test, strokeWidth: 1.5 }) : null,
      Plot.text([name], { frameAnchor: 'top-left', dx: -56, dy: -30, fontWeight: 600 }),
      Plot.text([`mean ${short(mean)}, deviation ${short(deviation)}`], { frameAnchor: 'top-left', dx: -56, dy: -14 }),
    ],
  });
}

function short(value: number): string {
  return value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)
    ? value.toExponential(0)
    : String(+value.toPrecision(2));
}
