import { assertList, assertNumber, assertText, checkedOptions } from '../../array/index.js';
import type { History, HistoryEntry } from '../../training/history.js';
import { type LinesPanel, type PanelLine, panelsSvg, pointOf } from './panels.js';
import { COLORS } from './svg.js';

/** The options of `seedCurvesSvg`. */
export interface SeedCurvesOptions {
  /** The published accuracy, drawn as a dashed line. */
  published?: number;
  /** The name of the set on which the runs were evaluated. Default: `test set`. */
  evaluated?: string;
}

/**
 * Draws the learning curves of a run over its steps: the loss, and the accuracy, for the training batches since the
 * previous evaluation and for the test set. Of a regression, $R^2$ on the test set takes the place of the accuracy. The last value is written at the end of each line.
 *
 * @param history the history of the run, with at least one evaluation
 * @param tested the name of the evaluated set in the legend. Default: `test`.
 * @returns the text of an SVG file
 */
export async function curvesSvg(history: History, title: string, tested = 'test'): Promise<string> {
  assertHistory('curvesSvg', history);
  assertText('curvesSvg', 'title', title);
  assertText('curvesSvg', 'tested', tested);
  return seedCurvesSvg([history], title, { evaluated: `${tested} set` });
}

/**
 * Draws the learning curves of runs that differ only in their seed: the mean as a line, and a band from the lowest to
 * the highest value.
 *
 * @param histories histories with evaluations at the same steps
 * @returns the text of an SVG file
 */
export function seedCurvesSvg(
  histories: readonly History[],
  title: string,
  { published, evaluated = 'test set' }: SeedCurvesOptions = {},
): Promise<string> {
  const dots = histories.length === 1;
  const line = (name: string, color: string, value: (entry: HistoryEntry) => number): PanelLine => {
    return { name, color, dots, last: true, points: pointsOf(histories, value) };
  };
  const panel = (title: string, lines: PanelLine[]): LinesPanel => {
    return { title, x: { label: 'step', zero: true }, y: { label: '' }, lines };
  };
  const ends = [0, histories[0].evaluations.at(-1)?.step ?? 0];
  const reference = { name: 'published', color: COLORS.ink, dash: '5 4' };
  if (histories[0].evaluations.at(-1)?.testR2 !== undefined) {
    return panelsSvg(title, [
      panel('mean loss', [
        line('training batches', COLORS.train, ({ trainLoss }) => trainLoss),
        line(evaluated, COLORS.test, ({ testLoss }) => testLoss),
      ]),
      panel('R²', [line(evaluated, COLORS.test, ({ testR2 = Number.NaN }) => testR2)]),
    ]);
  }
  return panelsSvg(title, [
    panel('mean loss (nats per sample)', [
      line('training batches', COLORS.train, ({ trainLoss }) => trainLoss),
      line(evaluated, COLORS.test, ({ testLoss }) => testLoss),
    ]),
    panel('accuracy', [
      line('training batches', COLORS.train, ({ trainAccuracy = Number.NaN }) => trainAccuracy),
      line(evaluated, COLORS.test, ({ testAccuracy = Number.NaN }) => testAccuracy),
      ...(published === undefined ? [] : [{ ...reference, points: ends.map((x) => ({ x, y: published })) }]),
    ]),
  ]);
}

/** The mean, the lowest and the highest value at each evaluation that all runs have. */
function pointsOf(histories: readonly History[], value: (entry: HistoryEntry) => number): PanelLine['points'] {
  const count = Math.min(...histories.map(({ evaluations }) => evaluations.length));
  return histories[0].evaluations.slice(0, count).map(({ step }, i) => {
    return pointOf(
      step,
      histories.map(({ evaluations }) => value(evaluations[i])),
    );
  });
}

/** Throws unless a value is the history of a run. */
function assertHistory(call: string, history: History): void {
  const { evaluations } = checkedOptions(call, history);
  assertList(call, 'history.evaluations', evaluations, '[]');
  for (const entry of evaluations) {
    const { step, trainLoss, testLoss } = checkedOptions(call, entry);
    for (const [name, value] of Object.entries({ step, trainLoss, testLoss })) assertNumber(call, name, value);
  }
}
