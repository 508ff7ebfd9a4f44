import type { BatchSource } from '../data/batch-source.js';
import type { Module } from '../layers/module.js';
import type { Loss } from '../losses/loss.js';
import { confusionMatrix, countOnDiagonal } from './metrics.js';
import { samplesAtOnce } from './samples-at-once.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** The result of evaluating a net on a set of samples. */
export interface Evaluation {
  /** The mean loss per sample, in nats for a cross-entropy. */
  loss: number;
  /** The accuracy, from 0 to 1. */
  accuracy: number;
  /** The confusion matrix: counts, one row per true class and one column per predicted class. */
  confusion: number[][];
}

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
 * Evaluates a net on every sample of a source, in evaluation mode. The net ends in training mode.
 *
 * @param source evaluated completely, in its order: 1,000 rows or 100 images at a time
 * @param signal stops the evaluation, between two batches
 * @throws NonFiniteError when the loss is not finite, AbortError when `signal` stops it
 */
export async function evaluate(
  model: Module,
  loss: Loss,
  source: BatchSource,
  signal?: StopSignal,
): Promise<Evaluation> {
  let total = 0;
  let confusion: number[][] = [];
  const atOnce = samplesAtOnce(source, BATCH);
  model.eval();
  try {
    for (let start = 0; start < source.count; start += atOnce) {
      const size = Math.min(atOnce, source.count - start);
      const { x, targets } = source.batch(Array.from({ length: size }, (_, i) => start + i));
      const outputs = model.forward(x); // (size, C)
      total += loss.forward(outputs, targets) * size;
      const counts = confusionMatrix(outputs, targets);
      confusion = counts.map((row, i) => row.map((count, j) => count + (confusion[i]?.[j] ?? 0)));
      await yieldToEventLoop();
      signal?.throwIfAborted();
    }
  } finally {
    model.train();
  }
  return { loss: total / source.count, accuracy: countOnDiagonal(confusion) / source.count, confusion };
}
