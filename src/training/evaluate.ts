import type { BatchSource } from '../data/batch-source.js';
import type { Module } from '../layers/module.js';
import type { Loss } from '../losses/loss.js';
import { confusionMatrix, countOnDiagonal } from './metrics.js';
import { breathe } from './yield-to-event-loop.js';

/** How well a net does on a set of samples. */
export interface Evaluation {
  /** The mean loss a sample, in nats. */
  loss: number;
  /** The share of samples classified right, from 0 to 1. */
  accuracy: number;
  /** Counts, row by true class, column by predicted class. */
  confusion: number[][];
}

const BATCH = 1000;

/**
 * Tests a net on every sample of a source, in evaluation mode, and puts it back into training mode.
 *
 * @param source tested whole, 1,000 samples at a time, in its order
 * @param signal looked at after each 1,000 samples
 * @throws NonFiniteError when the loss is not finite; AbortError when `signal` says stop
 */
export async function evaluate(
  model: Module,
  loss: Loss,
  source: BatchSource,
  signal?: AbortSignal,
): Promise<Evaluation> {
  let total = 0;
  let confusion: number[][] = [];
  model.eval();
  try {
    for (let start = 0; start < source.count; start += BATCH) {
      const size = Math.min(BATCH, source.count - start);
      const { x, targets } = source.batch(Array.from({ length: size }, (_, i) => start + i));
      const outputs = model.forward(x); // (size, C)
      total += loss.forward(outputs, targets) * size;
      const counts = confusionMatrix(outputs, targets);
      confusion = counts.map((row, i) => row.map((count, j) => count + (confusion[i]?.[j] ?? 0)));
      await breathe();
      signal?.throwIfAborted();
    }
  } finally {
    model.train();
  }
  return { loss: total / source.count, accuracy: countOnDiagonal(confusion) / source.count, confusion };
}
