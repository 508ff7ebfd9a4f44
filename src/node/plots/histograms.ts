import { tickText } from './axes.js';
import { gridSvg } from './grid.js';
import { COLORS, type Draw, loadPlot, type Plot } from './svg.js';

/** The values of one histogram. */
export interface Spread {
  /** The title of the histogram. */
  name: string;
  /** One or more finite numbers. They are counted in 40 bins from the smallest to the largest. */
  values: ArrayLike<number>;
}

const SIZE = { width: 320, height: 240 };
const BINS = 40;

/**
 * Draws histograms, for example of the outputs of a net's layers, with the mean and the standard deviation. A line
 * marks 0.
 *
 * @param unit the name of the horizontal axis
 * @returns the text of an SVG file
 */
export async function histogramsSvg(spreads: readonly Spread[], unit: string, title: string): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const charts = spreads.map((spread) => histogram(Plot, draw, spread, unit));
  return gridSvg(title, [], charts, { ...SIZE, columns: Math.min(3, Math.max(2, spreads.length)) });
}

function histogram(Plot: Plot, draw: Draw, { name, values }: Spread, unit: string): string {
  const numbers = Array.from(values);
  const mean = numbers.reduce((total, value) => total + value, 0) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((total, value) => total + (value - mean) ** 2, 0) / numbers.length);
  const [low, high] = numbers.reduce(
    ([l, h], value) => [Math.min(l, value), Math.max(h, value)],
    [Infinity, -Infinity],
  );
  const [from, to] = low < high ? [low, high] : [low - 0.5, low + 0.5]; // all values are equal
  const counts = Array<number>(BINS).fill(0);
  for (const value of numbers) counts[Math.min(BINS - 1, Math.floor((BINS * (value - from)) / (to - from)))]++;
  const bars = counts.map((count, i) => ({
    from: from + (i * (to - from)) / BINS,
    to: from + ((i + 1) * (to - from)) / BINS,
    share: (100 * count) / numbers.length,
  }));
  const axis = { labelAnchor: 'center', labelArrow: 'none', ticks: 4, tickFormat: tickText } as const;
  const above = { frameAnchor: 'top-left', dx: -56 } as const;
  return draw({
    ...SIZE,
    marginLeft: 66,
    marginRight: 18,
    marginTop: 48,
    marginBottom: 48,
    x: { ...axis, label: unit, labelOffset: 40 },
    y: { ...axis, label: 'values (%)', labelOffset: 58, grid: true },
    marks: [
      Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'share', fill: COLORS.train, inset: 0.3 }),
      from <= 0 && to >= 0 ? Plot.ruleX([0], { stroke: COLORS.test, strokeWidth: 1.5 }) : null,
      Plot.text([name], { ...above, dy: -34, fontWeight: 600 }),
      Plot.text([`mean ${tickText(round(mean))}, deviation ${tickText(round(deviation))}`], { ...above, dy: -16 }),
    ],
  });
}

function round(value: number): number {
  return Number(value.toPrecision(2));
}
