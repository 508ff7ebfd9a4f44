import type { Random } from '../array/index.js';
import type { BatchSource } from '../data/batch-source.js';
import type { Sequential } from '../layers/sequential.js';
import type { Loss } from '../losses/loss.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedules.js';
import type { Evaluation } from './evaluate.js';
import type { History, HistoryEntry } from './history.js';
import type { RunningSums } from './running-mean.js';
import type { SamplerState } from './sampler.js';

/** What a `Trainer` works with. */
export interface TrainerOptions {
  /** The net, such as an `MLP`. */
  model: Sequential;
  /** The loss that goes with what the net puts out; `MLP.loss()` makes it. */
  loss: Loss;
  /** Of the net's parameters. */
  optimizer: Optimizer;
  /** What batches are drawn from: every sample once an epoch, in a new order each time. */
  train: BatchSource;
  /** What every look tests the net on, whole. */
  test: BatchSource;
  /** Samples a step, or with `accumulate` samples a micro-batch. */
  batchSize: number;
  /** Micro-batches a step; 1 without. The step takes their samples' mean, in the memory of one of them. */
  accumulate?: number;
  /** The share, at each step, of the learning rate that the optimiser has when the trainer is made; always 1 without. */
  schedule?: Schedule;
  /** The length above which the gradient is shortened to it; never with null or without. */
  clipNorm?: number | null;
  /** Steps in all. */
  maxSteps: number;
  /** Steps between two looks at the test set; the last step is always followed by one. */
  evalEvery: number;
  /** Draws the order of the samples. */
  rng: Random;
  /** Called after each step. */
  onStep?: (step: StepReport) => void;
  /** Called after each look at the test set. */
  onEvaluation?: (entry: HistoryEntry) => void;
  /**
   * Awaited between two steps, after any look at the test set: the place to save the trainer's `state`. `ending` says
   * that the signal ends the run here, and that only its last look is still to come.
   */
  betweenSteps?: (step: number, ending: boolean) => Promise<void>;
  /** What is to be done around each look, such as the exchange of weights for an average; nothing without. */
  around?: (look: () => Promise<Evaluation>) => Promise<Evaluation>;
  /** Ends the run after the step in hand. */
  signal?: AbortSignal;
}

/** What a `Trainer` has to remember to go on as if it had never stopped; net and optimiser have states of their own. */
export interface TrainerState {
  /** How many steps have been made: where schedules are. */
  step: number;
  /** The position in the epoch. */
  sampler: SamplerState;
  /** Of the steps since the last look at the test set. */
  since: RunningSums;
  /** What was recorded up to there. */
  history: Pick<History, 'firstLoss' | 'evaluations'>;
}

/** One step, as `onStep` sees it. */
export interface StepReport {
  /** Counted from 1. */
  step: number;
  /** How many samples it was of; the last step of an epoch may have fewer. */
  samples: number;
  /** Their mean loss before the update, in nats. */
  loss: number;
  /** The share of them that was classified right before the update, from 0 to 1. */
  accuracy: number;
}
