import { type ModelConfig, modelNamed } from '../../../models/model-table.js';
import type { RunConfig } from '../../runs/run-config.js';
import { normName } from '../experiment-report.js';
import { groupRuns, type MeasuredRun, runCommand } from '../run-result.js';
import { type MeanDeviation, meanDeviation } from '../statistics.js';
import { type Setup, table1RunName } from './table1-plan.js';

/** One row of the table: the published accuracy of a setup, and the results of our runs. */
export interface Table1Row {
  setup: Setup;
  runs: readonly MeasuredRun[];
  seeds: readonly number[];
  /** The test accuracy after the last step. */
  last: MeanDeviation;
  /** The highest test accuracy of a run. It is selected on the test set, so it is biased upward. */
  best: MeanDeviation;
  /** Last step minus published. */
  difference: number;
  /** The time per run; null if all of them were resumed. */
  seconds: MeanDeviation | null;
}

/** One row for each setup that has a finished run. */
export function table1Rows(setups: readonly Setup[], results: readonly MeasuredRun[]): Table1Row[] {
  const groups = groupRuns(
    setups.map((setup) => ({ setup })),
    results,
    ({ setup }, { name, config }) => name === table1RunName(setup.id, config.seed),
  );
  return groups.map(({ setup, runs }) => {
    const times = runs.flatMap(({ effort }) => (effort.resumed ? [] : effort.seconds));
    const last = meanDeviation(runs.map((run) => run.last.testAccuracy));
    return {
      setup,
      runs,
      seeds: runs.map(({ config }) => config.seed),
      last,
      best: meanDeviation(runs.map((run) => run.best.testAccuracy)),
      difference: last.mean - setup.published,
      seconds: times.length > 0 ? meanDeviation(times) : null,
    };
  });
}

const ACTIVATION_NAMES: Record<Extract<ModelConfig, { name: 'mlp' }>['activation'], string> = {
  elu: 'ELU',
  gelu: 'GELU',
  relu: 'ReLU',
  tanh: 'tanh',
};

const OPTIMIZER_NAMES: Record<RunConfig['optimizer'], string> = { sgd: 'SGD', adam: 'Adam', adamw: 'AdamW' };

/** `1024, 512; batch norm; SGD 0.01; ELU`, and the initialization if it is not PyTorch's. */
export function setupText(config: RunConfig): string {
  const { optimizer, learningRate } = config;
  const { hidden, norm, activation, init } = modelNamed('mlp', config);
  const parts = [
    hidden.join(', '),
    normName(norm),
    `${OPTIMIZER_NAMES[optimizer]} ${learningRate}`,
    ACTIVATION_NAMES[activation],
    ...(init === 'pytorch' ? [] : [`init ${init}`]),
  ];
  return parts.join('; ');
}

/** The command that repeats the runs of a row one by one, with SEED in place of the seed. */
export function rowCommand({ runs: [run] }: Table1Row): string {
  return `${runCommand({ ...run, config: { ...run.config, seed: 42 } })} --seed SEED`;
}
