import {
  assertFunction,
  assertMethods,
  assertNoMoreOptions,
  assertNumber,
  assertRandom,
  assertWhole,
  checkedOptions,
  type Random,
} from '../array/index.js';
import { assertSource, type BatchSource } from '../data/batch-source.js';
import { assertModule, type Module } from '../layers/module.js';
import type { Loss, RegressionLoss } from '../losses/loss.js';
import { assertLoss } from '../losses/loss-checks.js';
import { assertOptimizer, type Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedules.js';
import type { EvaluationOf, StopSignal } from './evaluate.js';
import type { EntryOf, History } from './history.js';
import type { RunningSums } from './running-mean.js';
import type { SamplerState } from './sampler.js';

/** The options of a `Trainer`. */
export interface TrainerOptions<L extends Loss = Loss> {
  /** The net, such as an `MLP`. */
  model: Module;
  /** The loss that fits the outputs of the net. `MLP.loss()` creates it. */
  loss: L;
  /** Updates the parameters of the net. */
  optimizer: Optimizer;
  /** The source of training batches. Each epoch visits every sample once, in a new order. */
  train: BatchSource;
  /** The source that each evaluation uses, completely. */
  test: BatchSource;
  /** Samples per step, or with `accumulate` samples per micro-batch. */
  batchSize: number;
  /**
   * Micro-batches per step. A step uses the mean over their samples, in the memory of one micro-batch. Default: 1.
   */
  accumulate?: number;
  /** The factor of the optimizer's learning rate at each step. Default: always 1. */
  schedule?: Schedule;
  /** A longer gradient is scaled down to this length. Default: null, never. */
  clipNorm?: number | null;
  /** The number of steps. */
  maxSteps: number;
  /** Steps between two evaluations. The last step is always followed by one. */
  evalEvery: number;
  /** Draws the order of the samples. */
  rng: Random;
  /** Called after each step. */
  onStep?: (step: StepReportOf<L>) => void;
  /** Called after each evaluation. */
  onEvaluation?: (entry: EntryOf<L>) => void;
  /**
   * Called once, with a sentence, if a net still does no better than a guess at an evaluation after 50 steps or
   * more. The sentence names the layer where activations or gradients vanish.
   */
  onWarning?: (sentence: string) => void;
  /**
   * Awaited between two steps, after any evaluation: the place to save the `state` of the trainer. `ending` says that
   * the signal ends the run here and that only its last evaluation follows.
   */
  betweenSteps?: (step: number, ending: boolean) => Promise<void>;
  /** Runs each evaluation, for example with an average in the place of the weights. Default: runs it as it is. */
  around?: (evaluate: () => Promise<EvaluationOf<L>>) => Promise<EvaluationOf<L>>;
  /** Ends the run after the current step. */
  signal?: StopSignal;
}

/**
 * What a `Trainer` needs in order to continue as if it had not stopped. Net and optimizer have states of their own.
 */
export interface TrainerState<L extends Loss = Loss> {
  /** The number of steps so far; schedules depend on it. */
  step: number;
  /** The position in the epoch. */
  sampler: SamplerState;
  /** Sums over the steps since the last evaluation. */
  since: RunningSums;
  /** What was recorded so far. */
  history: Pick<History<EntryOf<L>>, 'firstLoss' | 'evaluations'>;
}

/** One step, as `onStep` gets it. */
export interface StepReport {
  /** Counted from 1. */
  step: number;
  /** The number of its samples. The last step of an epoch may have fewer. */
  samples: number;
  /** Their mean loss before the update. */
  loss: number;
  /** The accuracy on them before the update, from 0 to 1. Only of a classifier. */
  accuracy?: number;
}

/** What is reported of a step with a loss. A loss whose type does not name its task counts as that of a classifier. */
export type StepReportOf<L extends Loss> = L extends RegressionLoss
  ? Omit<StepReport, 'accuracy'>
  : Required<StepReport>;

/**
 * Throws unless all required options are given, and no unknown ones.
 *
 * @throws TypeError that names a missing option, RangeError that names an unknown one
 */
export function assertTrainerOptions<L extends Loss>(options: TrainerOptions<L>): void {
  const { model, loss, optimizer, train, test, batchSize, maxSteps, evalEvery, rng, ...others } = checkedOptions(
    'Trainer',
    options,
  );
  const required = { model, loss, optimizer, train, test, batchSize, maxSteps, evalEvery, rng };
  const missing = Object.entries(required).find(([, value]) => value === undefined);
  if (missing) throw new TypeError(`Trainer: the option ${missing[0]} is missing`);
  const { accumulate = 1, schedule, clipNorm, onStep, onEvaluation, onWarning, betweenSteps, ...more } = others;
  const { around, signal, ...rest } = more;
  assertNoMoreOptions('Trainer', rest);
  assertModule('Trainer', model);
  assertLoss('Trainer', loss);
  assertOptimizer('Trainer', optimizer);
  assertSource('Trainer', 'train', train);
  assertSource('Trainer', 'test', test);
  if (train.count === 0 || test.count === 0)
    throw new RangeError('Trainer: expected train and test with at least one sample');
  assertRandom('Trainer', rng);
  for (const [name, count] of Object.entries({ batchSize, maxSteps, evalEvery, accumulate }))
    assertWhole('Trainer', name, count, 1);
  for (const [name, call] of Object.entries({ schedule, onStep, onEvaluation, onWarning, betweenSteps, around })) {
    if (call !== undefined) assertFunction('Trainer', name, call);
  }
  if (signal !== undefined) assertMethods('Trainer', 'signal', signal, ['throwIfAborted'], 'an AbortSignal');
  if (clipNorm != null) assertNumber('Trainer', 'clipNorm', clipNorm);
  if (clipNorm != null && !(clipNorm > 0))
    throw new RangeError(`Trainer: expected clipNorm to be a number above 0, got ${clipNorm}`);
}
