import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, encodeNpz, Random } from '../../src/index.js';

/**
 * Writes a data set of small images that a run loads in an instant: 300 to train on and 100 to test on, of 3 × 16 × 16
 * pixels, in ten classes of different brightness.
 *
 * @returns the path of the file, for `--dataset`
 */
export function smallImages(folder: string): string {
  const rng = new Random('small images');
  const part = (count: number) => {
    const labels = Array.from({ length: count }, (_, n) => n % 10);
    const pixels = labels.flatMap((label) =>
      Array.from({ length: 768 }, () => Math.floor(20 * label + 70 * rng.next())),
    );
    return { x: array(pixels, [count, 3, 16, 16]), y: array(labels) };
  };
  const [train, test] = [part(300), part(100)];
  const path = join(folder, 'images.npz');
  writeFileSync(path, encodeNpz({ x_train: train.x, y_train: train.y, x_test: test.x, y_test: test.y }));
  return path;
}
