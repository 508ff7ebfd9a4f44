import { assertFilledList, assertNumbers, assertText } from '../../array/index.js';
import { scaleOf, tickText } from './axes.js';
import { gridSvg } from './grid.js';
import { loadPlot } from './plot.js';
import { COLORS } from './svg.js';

/** The values of one histogram. */
export interface Spread {
  /** The title of the histogram. */
  name: string;
  /** One or more finite numbers. They are counted in 40 bins from the smallest to the largest. */
  values: ArrayLike<number>;
}

const SIZE = { width: 320, height: 250 };
const BINS = 40;

/**
 * Draws histograms, for example of the outputs of a net's layers, with the mean and the standard deviation. A line
 * marks 0.
 *
 * @param unit the name of the horizontal axis
 * @returns the text of an SVG file
 */
export async function histogramsSvg(spreads: readonly Spread[], unit: string, title: string): Promise<string> {
  assertFilledList('histogramsSvg', 'spreads', spreads);
  for (const { name, values } of spreads) {
    assertText('histogramsSvg', 'name', name);
    assertNumbers('histogramsSvg', 'values', values);
  }
  assertText('histogramsSvg', 'unit', unit);
  assertText('histogramsSvg', 'title', title);
  const { Plot, panel } = await loadPlot();
  const charts = spreads.map(({ name, values }) => {
    const { bars, mean, deviation } = binned(Array.from(values));
    const ends = [bars[0].from, bars[BINS - 1].to] as const;
    const summary = `mean ${tickText(round(mean))}, deviation ${tickText(round(deviation))}`;
    const percents = bars.map(({ percent }) => percent);
    return panel({
      ...{ ...SIZE, title: name, top: 32 },
      x: scaleOf({ label: unit, domain: ends }, ends, SIZE.width - 110),
      y: { ...scaleOf({ label: 'values (%)', zero: true }, percents), grid: true },
      marks: [
        Plot.rectY(bars, { x1: 'from', x2: 'to', y: 'percent', fill: COLORS.train, inset: 0.3 }),
        ends[0] <= 0 && ends[1] >= 0 ? Plot.ruleX([0], { stroke: COLORS.test, strokeWidth: 1.5 }) : null,
        Plot.text([summary], { frameAnchor: 'top', lineAnchor: 'bottom', dy: -8 }),
      ],
    });
  });
  return gridSvg(title, [], charts, { ...SIZE, columns: Math.min(3, Math.max(2, spreads.length)) });
}

function binned(values: readonly number[]) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const [from, width] = low < high ? [low, (high - low) / BINS] : [low - 0.5, 1 / BINS]; // all values are equal
  const counts = Array<number>(BINS).fill(0);
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - from) / width))]++;
  const bars = counts.map((count, i) => {
    return { from: from + i * width, to: from + (i + 1) * width, percent: (100 * count) / values.length };
  });
  return { bars, mean, deviation };
}

function round(value: number): number {
  return Number(value.toPrecision(2));
}
