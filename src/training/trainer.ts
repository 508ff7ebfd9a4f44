import { multiply, NonFiniteError } from '../array/index.js';
import { clipGradNorm } from '../optim/clip-grad-norm.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { firstNonFinite } from './first-non-finite.js';
import type { History } from './history.js';
import { accuracy } from './metrics.js';
import { RunningMean } from './running-mean.js';
import { EpochSampler } from './sampler.js';
import type { StepReport, TrainerOptions, TrainerState } from './trainer-options.js';
import { breathe } from './yield-to-event-loop.js';

/** Training went out of bounds: the loss is no longer a finite number. */
export class DivergedError extends NonFiniteError {}

/**
 * Trains a net with mini-batches: forward, loss, backward, update, and now and then a look at the test set.
 * `history` holds what was recorded, also of a run that was interrupted or diverged.
 */
export class Trainer {
  /** What has been recorded so far; `fit` adds to it as it goes. */
  readonly history: History = { firstLoss: null, evaluations: [], stopped: null };
  /** The last look at the test set; undefined before any. */
  evaluation: Evaluation | undefined;

  /** The optimiser's learning rate before any schedule. */
  private readonly learningRate: number;
  private readonly sampler: EpochSampler;
  /** How many steps have been made. */
  private step = 0;
  private since = new RunningMean();

  /**
   * @param options net, loss, optimiser, data, and when to do what
   * @throws RangeError unless batchSize, accumulate, maxSteps and evalEvery are whole numbers from 1 up
   */
  constructor(private readonly options: TrainerOptions) {
    const { batchSize, accumulate = 1, maxSteps, evalEvery } = options;
    for (const [name, count] of Object.entries({ batchSize, accumulate, maxSteps, evalEvery })) {
      if (!Number.isSafeInteger(count) || count < 1) {
        throw new RangeError(`Trainer: expected ${name} to be a whole number from 1 up, got ${count}`);
      }
    }
    this.learningRate = options.optimizer.learningRate;
    this.sampler = new EpochSampler(options.train.count, batchSize * accumulate, options.rng);
  }

  /**
   * Trains to the last step, or until the signal says stop, which is followed by a last look at the test set; other work
   * has its turn between steps.
   *
   * @throws DivergedError when the loss is not finite; it names the step, and the layer where it began
   */
  async fit(): Promise<History> {
    const { model, maxSteps, evalEvery, signal, onStep, betweenSteps } = this.options;
    model.train();
    while (this.step < maxSteps) {
      const report = this.trainStep(this.step + 1, this.sampler.next());
      const { step } = report;
      this.step = step;
      this.since.add(report);
      this.history.firstLoss ??= report.loss;
      onStep?.(report);
      if (step % evalEvery === 0 || step === maxSteps) await this.look(step);
      await breathe();
      if (step === maxSteps) break;
      const ending = signal?.aborted ?? false;
      await betweenSteps?.(step, ending);
      if (ending) {
        this.history.stopped = { reason: 'interrupted', step, message: `interrupted after step ${step}` };
        if (this.history.evaluations.at(-1)?.step !== step) await this.look(step);
        break;
      }
    }
    return this.history;
  }

  /** Where training stands between two steps, as plain JSON. */
  state(): TrainerState {
    const { firstLoss, evaluations } = this.history;
    const history = { firstLoss, evaluations: evaluations.map((entry) => ({ ...entry })) };
    return { step: this.step, sampler: this.sampler.state(), since: this.since.state(), history };
  }

  /**
   * Goes on from a `state`: `fit` then makes the steps that followed it.
   *
   * @param state of a trainer with the same options; net and optimiser have to be set back by themselves
   */
  restore({ step, sampler, since, history }: TrainerState): void {
    this.step = step;
    this.sampler.restore(sampler);
    this.since = new RunningMean(since);
    Object.assign(this.history, { ...history, evaluations: history.evaluations.map((entry) => ({ ...entry })) });
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
  private async look(step: number): Promise<void> {
    const { model, loss, test, onEvaluation, around = (look) => look() } = this.options;
    try {
      this.evaluation = await around(() => evaluate(model, loss, test));
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      const { x } = test.batch(Array.from({ length: Math.min(100, test.count) }, (_, i) => i));
      model.eval(); // as it was when that came out
      const where = firstNonFinite(model, x);
      model.train();
      throw this.diverged(step, step, `the loss on the test set is not finite; ${where}`, error);
    }
    const { loss: testLoss, accuracy: testAccuracy } = this.evaluation;
    const entry = { step, epoch: this.sampler.epoch, ...this.since.means(), testLoss, testAccuracy };
    this.history.evaluations.push(entry);
    onEvaluation?.(entry);
    this.since = new RunningMean();
  }
}
