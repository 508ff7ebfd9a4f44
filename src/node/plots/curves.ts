import type { History, HistoryEntry } from '../../training/history.js';
import { COLORS, type Draw, loadPlot, type Plot, sideBySide } from './svg.js';

const SIZE = { width: 480, height: 340 };

type Series = 'train' | 'test';

const ALL_SERIES: readonly Series[] = ['train', 'test'];

interface Point {
  step: number;
  value: number;
  series: Series;
}

/**
 * The learning curves of a run: loss on the left, accuracy on the right, over steps, for the training batches since
 * the look before and for the whole test set, or whatever set was tested on, with the final figures written at the lines' ends.
 *
 * @param history with one look or more
 * @param tested what the set that was tested on is called in the legend
 * @returns the text of an SVG file
 */
export async function curvesSvg(history: History, title: string, tested = 'test'): Promise<string> {
  const names = { train: '● training batches', test: `● ${tested} set` };
  const { Plot, draw } = await loadPlot();
  const loss = history.evaluations.flatMap((entry) => points(entry, entry.trainLoss, entry.testLoss));
  const accuracy = history.evaluations.flatMap((entry) => points(entry, entry.trainAccuracy, entry.testAccuracy));
  return sideBySide(
    title,
    [
      panel(Plot, draw, 'mean loss (nats a sample)', loss, names),
      panel(Plot, draw, 'accuracy (share classified right)', accuracy, names),
    ],
    SIZE,
  );
}

function points({ step }: HistoryEntry, train: number, test: number): Point[] {
  return [
    { step, value: train, series: 'train' },
    { step, value: test, series: 'test' },
  ];
}

function panel(Plot: Plot, draw: Draw, label: string, all: readonly Point[], names: Record<Series, string>): string {
  const color = ({ series }: { series: Series }) => COLORS[series];
  return draw({
    ...SIZE,
    marginLeft: 56,
    marginRight: 60,
    marginTop: 66,
    marginBottom: 46,
    style: { fontSize: '13px', color: COLORS.ink, background: 'none' },
    x: { label: 'step', labelAnchor: 'center', labelArrow: 'none', zero: true, ticks: 6 },
    y: { label, grid: true, nice: true, labelArrow: 'none', labelOffset: 50 },
    marks: [
      Plot.line(all, { x: 'step', y: 'value', z: 'series', stroke: color, strokeWidth: 2 }),
      Plot.dot(all, { x: 'step', y: 'value', fill: color, r: 2.5 }),
      ...ALL_SERIES.map((series, i) =>
        Plot.text([names[series]], {
          frameAnchor: 'top-left',
          dx: 156 * i,
          dy: -34,
          fill: COLORS[series],
          fontWeight: 600,
        }),
      ),
      ...finalFigures(all).map(({ point, dy }) =>
        Plot.text([point], {
          x: 'step',
          y: 'value',
          text: () => point.value.toFixed(3),
          fill: color(point),
          dx: 8,
          dy,
          textAnchor: 'start',
          fontWeight: 600,
        }),
      ),
    ],
  });
}

/** The last value of each line, the higher one shifted up and the lower one down, so that close ones stay legible. */
function finalFigures(all: readonly Point[]): { point: Point; dy: number }[] {
  const last = all.slice(-ALL_SERIES.length).sort((a, b) => b.value - a.value);
  return last.map((point, i) => ({ point, dy: i === 0 ? -7 : 7 }));
}
