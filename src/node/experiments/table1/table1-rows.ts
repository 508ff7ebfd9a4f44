import { flagsOf } from '../../runs/setting-flags.js';
import type { TrainConfig } from '../../runs/train-config.js';
import type { FinishedRun } from '../finished.js';
import { type Summary, summary } from '../summary.js';
import { runName, type Setup } from './table1.js';

/** A row of the table: what was published, and what our runs of one setup came to. */
export interface Table1Row {
  setup: Setup;
  runs: readonly FinishedRun[];
  seeds: readonly number[];
  /** Test accuracy after the last step. */
  last: Summary;
  /** The highest test accuracy of all looks of a run, which is chosen on the test set and so flatters. */
  best: Summary;
  /** Last step less published. */
  difference: number;
  /** The time a run; null when all of them were interrupted and went on later. */
  seconds: Summary | null;
}

/** A row for each setup that has a finished run. */
export function table1Rows(setups: readonly Setup[], finished: readonly FinishedRun[]): Table1Row[] {
  return setups.flatMap((setup) => {
    const runs = finished.filter(({ name, config }) => name === runName(setup.id, config.seed));
    if (runs.length === 0) return [];
    const times = runs.flatMap(({ effort }) => (effort.resumed ? [] : effort.seconds));
    const last = summary(runs.map((run) => run.last.testAccuracy));
    return {
      setup,
      runs,
      seeds: runs.map(({ config }) => config.seed),
      last,
      best: summary(runs.map((run) => run.best.testAccuracy)),
      difference: last.mean - setup.published,
      seconds: times.length > 0 ? summary(times) : null,
    };
  });
}

/** `1024, 512; batch norm; SGD 0.01; ELU`, and how the weights begin if not as in PyTorch. */
export function netText({ hidden, norm, optimizer, learningRate, activation, init }: TrainConfig): string {
  const normText = norm === 'none' ? 'no norm' : `${norm} norm`;
  const names = { sgd: 'SGD', adam: 'Adam', adamw: 'AdamW' };
  const begin = init === 'pytorch' ? [] : [`init ${init}`];
  const parts = [
    hidden.join(', '),
    normText,
    `${names[optimizer]} ${learningRate}`,
    ACTIVATION_NAMES[activation],
    ...begin,
  ];
  return parts.join('; ');
}

const ACTIVATION_NAMES: Record<TrainConfig['activation'], string> = {
  elu: 'ELU',
  gelu: 'GELU',
  relu: 'ReLU',
  tanh: 'tanh',
};

/** What one would type to make a row's runs one by one, with SEED in place of the seed. */
export function commandText({ runs: [{ config, effort }] }: Table1Row): string {
  const flags = flagsOf({ ...config, seed: 42 }).join(' ');
  return ['npx handgrad train', flags, `--backend ${effort.engine} --threads ${effort.threads} --seed SEED`]
    .filter(Boolean)
    .join(' ');
}

/** `blas on 1 thread, 2 runs side by side`, for each way in which the runs were made. */
export function effortText(runs: readonly FinishedRun[]): string {
  const texts = runs.map(({ effort: { engine, threads, jobs } }) => {
    const beside = jobs > 1 ? `, ${jobs} runs side by side` : '';
    return `${engine} on ${threads} thread${threads === 1 ? '' : 's'}${beside}`;
  });
  return [...new Set(texts)].join('; ');
}
