import type { RunResult } from '../node/runs/execute-run.js';
import type { Evaluation } from '../training/evaluate.js';
import { bestEntry } from '../training/history.js';
import { grouped, textTable } from './console.js';

/** A confusion matrix as a table, one row per true class, with the accuracy of each class. */
export function confusionLines({ confusion }: Evaluation, classNames: readonly string[]): string[] {
  const header = ['true \\ predicted', ...classNames.map((name) => name.slice(0, 5)), 'correct'];
  const rows = confusion.map((row, c) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return [classNames[c], ...row, `${((100 * row[c]) / total).toFixed(0)} %`];
  });
  return textTable([header, ...rows]);
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
    testAccuracy: last?.testAccuracy ?? null,
    testLoss: last?.testLoss ?? null,
    best: bestEntry(history) ?? null,
    confusion: evaluation?.confusion ?? null,
    seconds,
    history,
  };
}
