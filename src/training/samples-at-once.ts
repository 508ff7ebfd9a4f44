import type { BatchSource } from '../data/batch-source.js';

/**
 * How many samples to send through a net at once. Between its layers a net of images, (N, C, H, W), keeps a hundred
 * times as many numbers for a sample as a net of rows, (N, D): a tenth of the samples fits into memory.
 *
 * @param most the number for rows
 */
export function samplesAtOnce(source: BatchSource, most: number): number {
  if (source.count === 0) return most;
  const { x } = source.batch([0]);
  return x.shape.length > 2 ? Math.ceil(most / 10) : most;
}
