import type { History, HistoryEntry } from '../../training/history.js';
import { COLORS, type Draw, loadPlot, type Plot, sideBySide } from './svg.js';

const SIZE = { width: 480, height: 320 };

type Series = 'train' | 'test';

/** What a picture of curves says beside them. */
export interface SeedCurvesOptions {
  /** The accuracy that others published, drawn as a line. */
  published?: number;
  /** What the runs were tested on as they went; the test set without. */
  looks?: string;
}

/** What several runs had at one step. */
interface Band {
  step: number;
  series: Series;
  mean: number;
  low: number;
  high: number;
}

/**
 * The learning curves of runs that differ in nothing but their seed: loss on the left, accuracy on the right, the mean
 * as a line in a band from the lowest to the highest, and what others published as a dashed line.
 *
 * @param histories of runs with looks at the same steps
 * @returns the text of an SVG file
 */
export async function seedCurvesSvg(
  histories: readonly History[],
  title: string,
  { published, looks = 'test set' }: SeedCurvesOptions = {},
): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const losses = [
    ...bands(histories, 'train', ({ trainLoss }) => trainLoss),
    ...bands(histories, 'test', ({ testLoss }) => testLoss),
  ];
  const accuracies = [
    ...bands(histories, 'train', ({ trainAccuracy }) => trainAccuracy),
    ...bands(histories, 'test', ({ testAccuracy }) => testAccuracy),
  ];
  return sideBySide(
    title,
    [
      panel(Plot, draw, 'mean loss (nats a sample)', losses, { looks }),
      panel(Plot, draw, 'accuracy', accuracies, { looks, published }),
    ],
    SIZE,
  );
}

function bands(histories: readonly History[], series: Series, value: (entry: HistoryEntry) => number): Band[] {
  const looks = Math.min(...histories.map(({ evaluations }) => evaluations.length));
  return Array.from({ length: looks }, (_, i) => {
    const values = histories.map(({ evaluations }) => value(evaluations[i]));
    const mean = values.reduce((total, number) => total + number, 0) / values.length;
    const step = histories[0].evaluations[i].step;
    return { step, series, mean, low: Math.min(...values), high: Math.max(...values) };
  });
}

function panel(
  Plot: Plot,
  draw: Draw,
  label: string,
  all: readonly Band[],
  { looks, published }: SeedCurvesOptions & { looks: string },
): string {
  const color = ({ series }: { series: Series }) => COLORS[series];
  const text = (words: string, dx: number, fill: string) =>
    Plot.text([words], { frameAnchor: 'top-left', dx, dy: -30, fill, fontWeight: 600 });
  const line = published === undefined ? [] : [published];
  return draw({
    ...SIZE,
    marginLeft: 56,
    marginRight: 62,
    marginTop: 58,
    marginBottom: 44,
    style: { fontSize: '13px', color: COLORS.ink, background: 'none' },
    x: { label: 'step', labelAnchor: 'center', labelArrow: 'none', zero: true, ticks: 5 },
    y: { label, grid: true, nice: true, labelArrow: 'none', labelOffset: 50 },
    marks: [
      Plot.areaY(all, { x: 'step', y1: 'low', y2: 'high', z: 'series', fill: color, fillOpacity: 0.2 }),
      Plot.line(all, { x: 'step', y: 'mean', z: 'series', stroke: color, strokeWidth: 1.8 }),
      Plot.ruleY(line, { stroke: COLORS.ink, strokeDasharray: '5 4' }),
      text('training batches', 0, COLORS.train),
      text(looks, 130, COLORS.test),
      ...line.map(() => text('- - published', 210, COLORS.ink)),
      ...finalFigures(all).map(({ band, dy }) =>
        Plot.text([band], {
          x: 'step',
          y: 'mean',
          text: () => band.mean.toFixed(3),
          fill: color(band),
          dx: 8,
          dy,
          textAnchor: 'start',
          fontWeight: 600,
        }),
      ),
    ],
  });
}

/** The last of each line, the higher one's figure shifted up and the lower one's down. */
function finalFigures(all: readonly Band[]): { band: Band; dy: number }[] {
  const last = (['train', 'test'] as const).flatMap(
    (series) => all.filter((band) => band.series === series).at(-1) ?? [],
  );
  return last.sort((a, b) => b.mean - a.mean).map((band, i) => ({ band, dy: i === 0 ? -6 : 6 }));
}
