import { Random } from '../../array/index.js';

/** One sample of every five of a class is a test sample. */
const TEST_SHARE = 0.2;

/**
 * Divides samples into training and test samples: a fifth of every class, at least one, is for the test. The choice is
 * random but always the same, so that runs with different seeds are tested on the same samples.
 *
 * @param labels the label of each sample
 * @returns the positions of both parts, in ascending order
 */
export function stratifiedSplit(labels: ArrayLike<number>): { train: number[]; test: number[] } {
  const byLabel = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const positions = byLabel.get(labels[i]);
    if (positions) positions.push(i);
    else byLabel.set(labels[i], [i]);
  }
  const test = new Set<number>();
  for (const [label, positions] of byLabel) {
    const count = positions.length < 2 ? 0 : Math.max(1, Math.round(TEST_SHARE * positions.length));
    const order = new Random(`split of class ${label}`).permutation(positions.length);
    for (let k = 0; k < count; k++) test.add(positions[order[k]]);
  }
  const all = Array.from(labels, (_, i) => i);
  return { train: all.filter((i) => !test.has(i)), test: all.filter((i) => test.has(i)) };
}
