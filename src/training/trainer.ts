import { multiply, NonFiniteError, type Random } from '../array/index.js';
import type { BatchSource } from '../data/source.js';
import type { Sequential } from '../layers/sequential.js';
import type { Loss } from '../losses/loss.js';
import { clipGradNorm } from '../optim/clip-grad-norm.js';
import type { Optimizer } from '../optim/optimizer.js';
import type { Schedule } from '../optim/schedules.js';
import { breathe } from './breathe.js';
import { firstNonFinite } from './diagnose.js';
import { type Evaluation, evaluate } from './evaluate.js';
import type { History, HistoryEntry } from './history.js';
import { accuracy } from './metrics.js';
import { EpochSampler } from './sampler.js';

/** What a `Trainer` works with. */
export interface TrainerOptions {
  model: Sequential;
  loss: Loss;
  optimizer: Optimizer;
  train: BatchSource;
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
  /** Ends the run after the step in hand. */
  signal?: AbortSignal;
}

/** One step, as `onStep` sees it. */
export interface StepReport {
  step: number;
  samples: number;
  loss: number;
  accuracy: number;
}

/** Training went out of bounds: the loss is no longer a finite number. */
export class DivergedError extends NonFiniteError {}

/**
 * Trains a net with mini-batches: forward, loss, backward, update, and now and then a look at the test set.
 * `history` holds what was recorded, also of a run that was interrupted or diverged.
 */
export class Trainer {
  readonly history: History = { firstLoss: null, evaluations: [], stopped: null };
  /** The last look at the test set. */
  evaluation: Evaluation | undefined;

  /** The optimiser's learning rate before any schedule. */
  private readonly learningRate: number;

  /** @throws RangeError unless batchSize, accumulate, maxSteps and evalEvery are whole numbers from 1 up */
  constructor(private readonly options: TrainerOptions) {
    const { batchSize, accumulate = 1, maxSteps, evalEvery } = options;
    for (const [name, count] of Object.entries({ batchSize, accumulate, maxSteps, evalEvery })) {
      if (!Number.isSafeInteger(count) || count < 1) {
        throw new RangeError(`Trainer: expected ${name} to be a whole number from 1 up, got ${count}`);
      }
    }
    this.learningRate = options.optimizer.learningRate;
  }

  /**
   * Trains to the last step, or until the signal says stop, which is followed by a last look at the test set; other work
   * has its turn between steps.
   *
   * @throws DivergedError when the loss is not finite; it names the step, and the layer where it began
   */
  async fit(): Promise<History> {
    const { model, train, batchSize, accumulate = 1, maxSteps, evalEvery, rng } = this.options;
    const { signal, onStep, onEvaluation } = this.options;
    const sampler = new EpochSampler(train.count, batchSize * accumulate, rng);
    let since = new RunningMean();
    const look = async (step: number) => {
      const entry = await this.look(step, sampler.epoch, since);
      onEvaluation?.(entry);
      since = new RunningMean();
    };
    model.train();
    for (let step = 1; step <= maxSteps; step++) {
      const report = this.trainStep(step, sampler.next());
      since.add(report);
      this.history.firstLoss ??= report.loss;
      onStep?.(report);
      if (step % evalEvery === 0 || step === maxSteps) await look(step);
      await breathe();
      if (signal?.aborted) {
        this.history.stopped = { reason: 'interrupted', step, message: `interrupted after step ${step}` };
        if (this.history.evaluations.at(-1)?.step !== step) await look(step);
        break;
      }
    }
    return this.history;
  }

  /**
   * Forward, loss, backward, update: all of training is this method. The step's loss is the mean over its $S$ samples.
   * Cut into micro-batches of $S_k$ samples with mean losses $L_k$, it is $L = \sum_k \frac{S_k}{S} L_k$, and its
   * gradient the sum of theirs, each with the same share; `backward` adds up.
   */
  private trainStep(step: number, indices: Uint32Array): StepReport {
    const { model, loss, optimizer, train, batchSize } = this.options;
    const report = { step, samples: indices.length, loss: 0, accuracy: 0 };
    optimizer.zeroGrad();
    for (let start = 0; start < indices.length; start += batchSize) {
      const { x, targets } = train.batch(indices.subarray(start, start + batchSize)); // (N, D) and (N, C)
      const outputs = model.forward(x); // (N, C)
      const share = x.shape[0] / indices.length;
      report.loss +=
        share *
        this.finite(
          step,
          () => loss.forward(outputs, targets),
          () => firstNonFinite(model, x),
        );
      report.accuracy += share * accuracy(outputs, targets);
      model.accumulateGradients(multiply(loss.backward(), share));
    }
    this.update(step);
    return report;
  }

  /** One step of the optimiser, from the gradients that have been added up. */
  private update(step: number): void {
    const { model, optimizer, schedule, clipNorm } = this.options;
    if (schedule) optimizer.learningRate = this.learningRate * schedule(step - 1);
    if (clipNorm != null) {
      const clip = () => clipGradNorm(model.parameters(), clipNorm);
      this.finite(step, clip, () => 'the loss was still finite');
    }
    optimizer.step();
  }

  /** What `compute` gives, or the error that says in which step, and where, numbers went out of bounds. */
  private finite(step: number, compute: () => number, where: () => string): number {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      throw this.diverged(step, step - 1, `${error.message}; ${where()}`, error);
    }
  }

  private diverged(step: number, completed: number, what: string, cause: Error): DivergedError {
    const advice = completed > 0 ? '. A smaller learning rate may help' : ''; // before the first update it has no part in it
    const message = `training stopped at step ${step}: ${what}${advice}`;
    this.history.stopped = { reason: 'diverged', step: completed, message };
    return new DivergedError(message, { cause });
  }

  /** Tests the net and records it. */
  private async look(step: number, epoch: number, since: RunningMean): Promise<HistoryEntry> {
    const { model, loss, test } = this.options;
    try {
      this.evaluation = await evaluate(model, loss, test);
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      const { x } = test.batch(Array.from({ length: Math.min(100, test.count) }, (_, i) => i));
      model.eval(); // as it was when that came out
      const where = firstNonFinite(model, x);
      model.train();
      throw this.diverged(step, step, `the loss on the test set is not finite; ${where}`, error);
    }
    const { loss: testLoss, accuracy: testAccuracy } = this.evaluation;
    const entry = { step, epoch, ...since.means(), testLoss, testAccuracy };
    this.history.evaluations.push(entry);
    return entry;
  }
}

/** Means over the steps between two looks, each sample counting once. */
class RunningMean {
  private samples = 0;
  private loss = 0;
  private right = 0;

  add(step: StepReport): void {
    this.samples += step.samples;
    this.loss += step.loss * step.samples;
    this.right += step.accuracy * step.samples;
  }

  means(): { trainLoss: number; trainAccuracy: number } {
    return { trainLoss: this.loss / this.samples, trainAccuracy: this.right / this.samples };
  }
}
