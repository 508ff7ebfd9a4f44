import type { RunResult } from '../node/runs/execute-run.js';
import type { Evaluation } from '../training/evaluate.js';
import { bestEntry } from '../training/history.js';
import { grouped } from './console.js';
import { textTable } from './layout.js';

/** Nobody reads a matrix with more columns, also in a file whose lines may have any length. */
const MOST_COLUMNS = 30;

/** The confusion matrix of a classifier, or the errors of each target of a regression, as a table. */
export function evaluationLines(
  { confusion, columns = [] }: Evaluation,
  names: readonly string[],
  width: number,
): string[] {
  if (confusion) return confusionLines(confusion, names, width);
  const rows = columns.map(({ rmse, r2 }, m) => [names[m], String(Number(rmse.toPrecision(4))), r2.toFixed(4)]);
  return textTable([['target', 'RMSE', 'R²'], ...rows], { width });
}

/**
 * A confusion matrix as a table, one row per true class, with the accuracy of each class. Where the matrix is too wide to read,
 * the table lists the most frequent mistakes of each class instead.
 */
function confusionLines(
  confusion: readonly (readonly number[])[],
  classNames: readonly string[],
  width: number,
): string[] {
  const rows = confusion.map((counts, c) => ({ name: classNames[c], counts, correct: share(counts[c], counts) }));
  const matrix = (letters: number, label: string, gap: number) =>
    textTable(
      [
        [label, ...classNames.map((name) => name.slice(0, letters)), 'correct'],
        ...rows.map(({ name, counts, correct }) => [gap > 1 ? name : name.slice(0, 10), ...counts, correct]),
      ],
      { gap },
    );
  const layouts = [matrix(5, 'true \\ predicted', 2), matrix(4, 'true', 1)];
  const fitting = layouts.find((lines) => lines.every((line) => line.length <= width));
  if (fitting && confusion.length <= MOST_COLUMNS) return fitting;
  return textTable(
    [
      ['true', 'correct', 'most often taken for'],
      ...rows.map(({ name, counts, correct }, c) => [name, correct, mistakes(counts, c, classNames)]),
    ],
    { width },
  );
}

/** `cat 12 %, deer 7 %`: the two classes that a class is most often taken for. */
function mistakes(counts: readonly number[], actual: number, classNames: readonly string[]): string {
  const others = counts.flatMap((count, c) => (c !== actual && count > 0 ? [{ count, name: classNames[c] }] : []));
  const most = others.sort((a, b) => b.count - a.count).slice(0, 2);
  return most.map(({ count, name }) => `${name} ${share(count, counts)}`).join(', ');
}

function share(count: number, counts: readonly number[]): string {
  return `${((100 * count) / counts.reduce((sum, other) => sum + other, 0)).toFixed(0)} %`;
}

/** What `--json` prints about each number that a net predicts. */
export function targetScores({ columns = [] }: Evaluation, names: readonly string[]): object[] {
  return columns.map(({ rmse, r2 }, m) => ({ name: names[m], mse: rmse ** 2, rmse, r2 }));
}

/** `308,310 parameters`. */
export function parameterText(parameters: readonly { value: { size: number } }[]): string {
  return `${grouped(parameters.reduce((total, { value }) => total + value.size, 0))} parameters`;
}

/** What `--json` prints about a run. */
export function runDocument({ folder, record, history, evaluation, seconds }: RunResult): object {
  const { config, environment } = record;
  const last = history.evaluations.at(-1);
  return {
    out: folder,
    config,
    engine: environment.engine,
    threads: environment.threads,
    ...(last?.testR2 === undefined ? { testAccuracy: last?.testAccuracy ?? null } : { testR2: last.testR2 }),
    testLoss: last?.testLoss ?? null,
    best: bestEntry(history) ?? null,
    ...(evaluation?.columns
      ? { targets: targetScores(evaluation, record.data?.targets ?? []) }
      : { confusion: evaluation?.confusion ?? null }),
    seconds,
    peakMemory: 1024 * process.resourceUsage().maxRSS,
    history,
  };
}
