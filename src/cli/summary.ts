import type { RunRecord } from '../node/runs/run-record.js';
import type { TrainConfig } from '../node/runs/train-config.js';
import type { Evaluation } from '../training/evaluate.js';
import { bestEntry, type History } from '../training/history.js';
import { grouped, textTable } from './console.js';

/** A confusion matrix as a table, a row a true class, with the share of each class that was recognised. */
export function confusionLines({ confusion }: Evaluation, classNames: readonly string[]): string[] {
  const header = ['true \\ predicted', ...classNames.map((name) => name.slice(0, 5)), 'right'];
  const rows = confusion.map((row, c) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return [classNames[c], ...row, `${((100 * row[c]) / total).toFixed(0)} %`];
  });
  return textTable([header, ...rows]);
}

/** `3072 → 100 → 10 (relu, batch norm before linear, dropout 0.1)`. */
export function netText(widths: readonly number[], config: TrainConfig): string {
  const { activation, norm, normPosition, residual, dropout } = config;
  const parts = [
    activation,
    norm !== 'none' && `${norm} norm ${normPosition.replace('-', ' ')}`,
    residual && 'residual',
    dropout > 0 && `dropout ${dropout}`,
  ];
  return `${widths.join(' → ')} (${parts.filter(Boolean).join(', ')})`;
}

/** `308,310 parameters`. */
export function parameterText(parameters: readonly { value: { size: number } }[]): string {
  return `${grouped(parameters.reduce((total, { value }) => total + value.size, 0))} parameters`;
}

/** What `--json` prints of a run. */
export function runDocument(
  folder: string,
  { config, environment: { engine, threads } }: RunRecord,
  history: History,
  { confusion, seconds }: { confusion: number[][] | null; seconds: number },
): object {
  const last = history.evaluations.at(-1);
  return {
    out: folder,
    config,
    engine,
    threads,
    testAccuracy: last?.testAccuracy ?? null,
    testLoss: last?.testLoss ?? null,
    best: bestEntry(history) ?? null,
    confusion,
    seconds,
    history,
  };
}
