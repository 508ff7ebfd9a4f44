import { assertMethods } from '../array/index.js';
import { assertSource, type BatchSource } from '../data/batch-source.js';
import { assertModule, type Module } from '../layers/module.js';
import type { Loss, RegressionLoss } from '../losses/loss.js';
import { assertLoss } from '../losses/loss-checks.js';
import { learningTask } from './learning-task.js';
import { samplesAtOnce } from './samples-at-once.js';
import { type ColumnScore, newScores, type Scores } from './scores.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** The result of evaluating a net on a set of samples. */
export interface Evaluation {
  /** The mean loss per sample, in nats for a cross-entropy. */
  loss: number;
  /** The accuracy, from 0 to 1. Only of a classifier. */
  accuracy?: number;
  /** The confusion matrix: counts, one row per true class and one column per predicted class. Only of a classifier. */
  confusion?: number[][];
  /** The mean $R^2$ of the columns of targets. Only of a regression. */
  r2?: number;
  /** How well each column of targets is predicted. Only of a regression. */
  columns?: ColumnScore[];
}

/** The evaluation of a classifier. */
export type ClassifierEvaluation = Required<Omit<Evaluation, 'r2' | 'columns'>>;

/** The evaluation of a regression. */
export type RegressionEvaluation = Required<Omit<Evaluation, 'accuracy' | 'confusion'>>;

/** What is measured with a loss. A loss whose type does not name its task counts as that of a classifier. */
export type EvaluationOf<L extends Loss> = L extends RegressionLoss ? RegressionEvaluation : ClassifierEvaluation;

/** Stops long work: an `AbortSignal` is one. */
export interface StopSignal {
  /** Whether the work is to stop. */
  readonly aborted: boolean;
  /** Throws an AbortError if the work is to stop. */
  throwIfAborted(): void;
}

/** The number of samples that are evaluated at once; of images a tenth. */
const BATCH = 1000;

/**
 * Evaluates a net on every sample of a source, in evaluation mode. The net ends in training mode. The loss decides what
 * is measured besides it: accuracy and confusion matrix of classes, or $R^2$ and errors of numbers.
 *
 * @param source evaluated completely, in its order: 1,000 rows or 100 images at a time
 * @param signal stops the evaluation, between two batches
 * @throws NonFiniteError when the loss is not finite, AbortError when `signal` stops it
 */
export async function evaluate<L extends Loss>(
  model: Module,
  loss: L,
  source: BatchSource,
  signal?: StopSignal,
): Promise<EvaluationOf<L>> {
  assertModule('evaluate', model);
  assertLoss('evaluate', loss);
  assertSource('evaluate', 'source', source);
  if (signal !== undefined) assertMethods('evaluate', 'signal', signal, ['throwIfAborted'], 'an AbortSignal');
  let total = 0;
  const atOnce = samplesAtOnce(source, BATCH);
  let scores: Scores | undefined;
  model.eval();
  try {
    for (let start = 0; start < source.count; start += atOnce) {
      const size = Math.min(atOnce, source.count - start);
      const { x, targets } = source.batch(Array.from({ length: size }, (_, i) => start + i));
      const outputs = model.forward(x); // (size, C)
      total += loss.forward(outputs, targets) * size;
      scores ??= newScores(learningTask(loss, outputs));
      scores.add(outputs, targets);
      await yieldToEventLoop();
      signal?.throwIfAborted();
    }
  } finally {
    model.train();
  }
  return { loss: total / source.count, ...scores?.result() } as EvaluationOf<L>;
}
