import { assertList, assertMethods, assertNumber, checkedOptions, NonFiniteError } from '../array/index.js';
import type { Loss } from '../losses/loss.js';
import { clipGradNorm } from '../optim/clip-grad-norm.js';
import { diagnoseNet, isAtChance } from './diagnose-net.js';
import { type Evaluation, type EvaluationOf, evaluate } from './evaluate.js';
import { firstNonFinite } from './first-non-finite.js';
import { forwardBackward } from './forward-backward.js';
import { type EntryOf, type History, type HistoryEntry, testScore } from './history.js';
import { learningTask } from './learning-task.js';
import { accuracy } from './metrics.js';
import { RunningMean } from './running-mean.js';
import { EpochSampler } from './sampler.js';
import { scoreText } from './score-text.js';
import {
  assertTrainerOptions,
  type StepReport,
  type StepReportOf,
  type TrainerOptions,
  type TrainerState,
} from './trainer-options.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** The number of steps at the full learning rate after which a net has begun to learn, if it ever does. */
const FIRST_STEPS = 50;

/** Training diverged: the loss is no longer a finite number. */
export class DivergedError extends NonFiniteError {}

/**
 * Trains a net with mini-batches: forward, loss, backward, update, and regular evaluations on the test set. `history`
 * holds what was recorded, also after a run that was interrupted or diverged. The loss decides what is measured: the
 * accuracy of a classifier, or $R^2$ of a regression.
 */
export class Trainer<L extends Loss = Loss> {
  /** What has been recorded so far. `fit` adds to it. */
  readonly history: History<EntryOf<L>> = { firstLoss: null, evaluations: [], stopped: null };
  /** The last evaluation; undefined before the first. */
  evaluation: EvaluationOf<L> | undefined;

  /** The learning rate of the optimizer before any schedule. */
  private readonly learningRate: number;
  private readonly sampler: EpochSampler;
  /** The number of steps so far. */
  private step = 0;
  private warned = false;
  /** Means over the steps since the last evaluation. */
  private since = new RunningMean();

  /**
   * @param options net, loss, optimizer, data, and the numbers of steps
   * @throws RangeError for an unknown option, or unless batchSize, accumulate, maxSteps and evalEvery are whole numbers
   * from 1 up; TypeError for a missing option
   */
  constructor(private readonly options: TrainerOptions<L>) {
    assertTrainerOptions(options);
    const { batchSize, accumulate = 1 } = options;
    this.learningRate = options.optimizer.learningRate;
    this.sampler = new EpochSampler(options.train.count, batchSize * accumulate, options.rng);
  }

  /**
   * Trains to the last step, or until the signal stops it; then it evaluates once more. Other work can run between
   * steps.
   *
   * @throws DivergedError when the loss is not finite. It names the step, and the layer with the first number that is
   * not finite.
   */
  async fit(): Promise<History<EntryOf<L>>> {
    const { model, maxSteps, evalEvery, signal, onStep, betweenSteps } = this.options;
    model.train();
    while (this.step < maxSteps) {
      const report = this.trainStep(this.step + 1, this.sampler.next());
      const { step } = report;
      this.step = step;
      this.since.add(report);
      this.history.firstLoss ??= report.loss;
      onStep?.(report as StepReportOf<L>);
      if (step % evalEvery === 0 || step === maxSteps) await this.evaluate(step);
      await yieldToEventLoop();
      if (step === maxSteps) break;
      const ending = signal?.aborted ?? false;
      await betweenSteps?.(step, ending);
      if (ending) {
        this.history.stopped = { reason: 'interrupted', step, message: `interrupted after step ${step}` };
        if (this.history.evaluations.at(-1)?.step !== step) await this.evaluate(step);
        break;
      }
    }
    return this.history;
  }

  /** The state between two steps, as plain JSON. */
  state(): TrainerState<L> {
    const { firstLoss, evaluations } = this.history;
    const history = { firstLoss, evaluations: evaluations.map((entry) => ({ ...entry })) };
    return { step: this.step, sampler: this.sampler.state(), since: this.since.state(), history };
  }

  /**
   * Continues from a `state`: `fit` then makes the steps that followed it.
   *
   * @param state of a trainer with the same options; restore net and optimizer separately
   */
  restore(state: TrainerState<L>): void {
    const { step, sampler, since, history } = checkedOptions('Trainer.restore', state);
    if (!Number.isSafeInteger(step) || step < 0)
      throw new RangeError(`Trainer.restore: expected step to be a whole number from 0 up, got ${step}`);
    for (const [name, part] of Object.entries({ sampler, since, history, 'sampler.now': sampler?.now }))
      assertMethods('Trainer.restore', name, part, [], 'what state() returned');
    for (const [name, sum] of Object.entries({ samples: since.samples, loss: since.loss, right: since.right }))
      assertNumber('Trainer.restore', `since.${name}`, sum);
    assertList('Trainer.restore', 'history.evaluations', history.evaluations, '[]');
    this.step = step;
    this.sampler.restore(sampler);
    this.since = new RunningMean(since);
    Object.assign(this.history, { ...history, evaluations: history.evaluations.map((entry) => ({ ...entry })) });
  }

  /**
   * One step: forward, loss and backward of its samples, then one update. The loss of the step is the mean over its
   * $N$ samples. Cut into micro-batches of $N_k$ samples with mean losses $L_k$, it is
   * $L = \sum_k \frac{N_k}{N} L_k$, and its gradient is the sum of their gradients, each with the same `weight`.
   * `backward` adds them up.
   */
  private trainStep(step: number, indices: Uint32Array): StepReport {
    const { model, loss, optimizer, train, batchSize } = this.options;
    const report: StepReport = { step, samples: indices.length, loss: 0 };
    optimizer.zeroGrad();
    for (let start = 0; start < indices.length; start += batchSize) {
      const batch = train.batch(indices.subarray(start, start + batchSize)); // (N, …) and (N, C)
      const weight = batch.x.shape[0] / indices.length;
      const { value, outputs } = this.finite(
        step,
        () => forwardBackward(model, loss, batch, weight),
        () => firstNonFinite(model, batch.x),
      );
      report.loss += weight * value;
      if (learningTask(loss, outputs) === 'classification')
        report.accuracy = (report.accuracy ?? 0) + weight * accuracy(outputs, batch.targets);
    }
    this.update(step);
    return report;
  }

  /** One step of the optimizer, from the gradients that were added up. */
  private update(step: number): void {
    const { model, optimizer, schedule, clipNorm } = this.options;
    if (schedule) optimizer.learningRate = this.learningRate * schedule(step - 1);
    if (clipNorm != null) {
      const clip = () => clipGradNorm(model.parameters(), clipNorm);
      this.finite(step, clip, () => 'the loss was still finite');
    }
    optimizer.step();
  }

  /** What `compute` returns, or an error that says in which step and where a number was not finite. */
  private finite<T>(step: number, compute: () => T, where: () => string): T {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      throw this.diverged(step, step - 1, `${error.message}; ${where()}`, error);
    }
  }

  private diverged(step: number, completed: number, what: string, cause: Error): DivergedError {
    const advice = completed > 0 ? '. A smaller learning rate may help' : ''; // it has no effect before the first update
    const message = `training stopped at step ${step}: ${what}${advice}`;
    this.history.stopped = { reason: 'diverged', step: completed, message };
    return new DivergedError(message, { cause });
  }

  /** Evaluates the net on the test set and records it. */
  private async evaluate(step: number): Promise<void> {
    const { model, loss, test, onEvaluation, around = (run) => run() } = this.options;
    try {
      this.evaluation = await around(() => evaluate(model, loss, test));
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      const { x } = test.batch(Array.from({ length: Math.min(100, test.count) }, (_, i) => i));
      model.eval(); // the mode of the evaluation
      const where = firstNonFinite(model, x);
      model.train();
      throw this.diverged(step, step, `the loss on the test set is not finite; ${where}`, error);
    }
    const { loss: testLoss, accuracy: testAccuracy, r2: testR2 }: Evaluation = this.evaluation;
    const { trainLoss, trainAccuracy } = this.since.means();
    const begin = { step, epoch: this.sampler.epoch, trainLoss };
    const entry: HistoryEntry =
      testR2 === undefined ? { ...begin, trainAccuracy, testLoss, testAccuracy } : { ...begin, testLoss, testR2 };
    this.history.evaluations.push(entry as EntryOf<L>);
    onEvaluation?.(entry as EntryOf<L>);
    this.warnIfNotLearning(entry, this.evaluation);
    this.since = new RunningMean();
  }

  /** Warns once if the net does no better than a guess. The test samples have no augmentation, which draws numbers. */
  private warnIfNotLearning(entry: HistoryEntry, evaluation: Evaluation): void {
    const { model, loss, test, schedule = () => 1, onWarning } = this.options;
    if (!onWarning || this.warned || entry.step < FIRST_STEPS || !isAtChance(loss, entry, evaluation)) return;
    const rates = Array.from({ length: entry.step }, (_, step) => schedule(step));
    if (rates.reduce((total, rate) => total + rate, 0) < FIRST_STEPS) return; // a warm-up has only begun
    this.warned = true;
    const batch = test.batch(Array.from({ length: Math.min(100, test.count) }, (_, i) => i));
    const score = `${entry.testAccuracy === undefined ? '' : 'the '}${scoreText(testScore(entry))}`;
    onWarning(
      `warning: after ${entry.step} steps, the loss is still ${entry.testLoss.toFixed(4)} and ${score}, those of a ` +
        `guess: ${diagnoseNet(model, loss, batch)}`,
    );
  }
}
