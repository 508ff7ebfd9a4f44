import { COLORS, loadPlot, sideBySide } from './svg.js';

/** One line of a comparison. */
export interface Compared {
  name: string;
  published: number;
  /** Ours, with the deviation between seeds where there are several. */
  mean: number;
  deviation: number | null;
  /** The mean of the best looks on the way. */
  best: number;
}

/** Pixels that a letter of a name takes, and a little more. */
const LETTER = 7.2;

/**
 * Published accuracies beside ours, a line a setup: a square for the published one, a dot for the mean at the last step,
 * with a bar of one deviation to either side, and a ring for the best look on the way.
 *
 * @returns the text of an SVG file
 */
export async function comparisonSvg(lines: readonly Compared[], title: string): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const names = LETTER * Math.max(...lines.map(({ name }) => name.length));
  const size = { width: 540 + names, height: 110 + 30 * lines.length };
  const spread = lines.flatMap(({ name, mean, deviation }) =>
    deviation === null ? [] : [{ name, low: mean - deviation, high: mean + deviation }],
  );
  const legend = (words: string, dx: number, fill: string) =>
    Plot.text([words], { frameAnchor: 'top-left', dx, dy: -22, fill, fontWeight: 600 });
  const chart = draw({
    ...size,
    marginLeft: 20 + names,
    marginRight: 24,
    marginTop: 44,
    marginBottom: 46,
    style: { fontSize: '13px', color: COLORS.ink, background: 'none' },
    x: { label: 'test accuracy', labelAnchor: 'center', labelArrow: 'none', grid: true, nice: true, ticks: 6 },
    y: { label: null, domain: lines.map(({ name }) => name), type: 'point', padding: 0.6, tickSize: 0 },
    marks: [
      Plot.ruleY(spread, { y: 'name', x1: 'low', x2: 'high', stroke: COLORS.train, strokeWidth: 3 }),
      Plot.dot(lines, { x: 'published', y: 'name', symbol: 'square', fill: COLORS.ink, r: 5 }),
      Plot.dot(lines, { x: 'mean', y: 'name', fill: COLORS.train, r: 5 }),
      Plot.dot(lines, { x: 'best', y: 'name', stroke: COLORS.test, strokeWidth: 2, r: 5 }),
      legend('■ published', 0, COLORS.ink),
      legend('● last step, ± deviation', 110, COLORS.train),
      legend('○ best look', 300, COLORS.test),
    ],
  });
  return sideBySide(title, [chart], size);
}
