import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { astype, encodeNpy, type NdArray, oneHot, Random } from '../lib/index.js';
import { IMAGE_FILES, IMAGES_A_FILE, type Job, type Net, type ProductTask, parameterShapes } from './tasks.js';

/** The standard deviation of the images, so small that a step of J1 decreases the loss. */
const IMAGE_STD = 10;

/**
 * Draws the data of the jobs in float32, and writes them into a folder as `.npy` files, so that all libraries read
 * the same bytes: `images-…` and `targets-…` (one-hot), the parameters of each net, and the operands of each product.
 */
export function writeData(folder: string, jobs: readonly Job[]): void {
  const save = (name: string, x: NdArray) => writeFileSync(join(folder, `${name}.npy`), encodeNpy(x));
  const rng = new Random(1);
  if (jobs.some(({ task }) => task.kind !== 'product')) {
    for (let i = 0; i < IMAGE_FILES; i++) {
      save(`images-${i}`, rng.normal([IMAGES_A_FILE, 3072], { std: IMAGE_STD }));
      const labels = Array.from({ length: IMAGES_A_FILE }, () => Math.floor(10 * rng.next()));
      save(`targets-${i}`, oneHot(labels, 10));
    }
  }
  for (const net of netsOf(jobs)) saveNet(net, rng, save);
  for (const product of productsOf(jobs)) {
    const { n, k, m, dtype } = product;
    const seeded = new Random(`${n} ${k} ${m}`);
    const [a, b] = [seeded.normal([n, k]), seeded.normal([k, m])];
    save(operandFile(product, 'a'), astype(a, dtype));
    save(operandFile(product, 'b'), astype(b, dtype));
  }
}

/** The name of the file of a product's left (`a`) or right (`b`) operand. */
export function operandFile({ n, k, m, dtype }: ProductTask, side: 'a' | 'b'): string {
  return `product-${n}x${k}x${m}-${dtype}-${side}`;
}

function netsOf(jobs: readonly Job[]): Net[] {
  const nets = jobs.flatMap(({ task }) => (task.kind === 'product' ? [] : [task.net]));
  return [...new Map(nets.map((net) => [net.name, net])).values()];
}

function productsOf(jobs: readonly Job[]): ProductTask[] {
  return jobs.flatMap(({ task }) => (task.kind === 'product' ? [task] : []));
}

/**
 * Weights that keep the scale of a signal; gammas other than 1 and betas other than 0, so that a missing one shows.
 */
function saveNet(net: Net, rng: Random, save: (name: string, x: NdArray) => void): void {
  let isGamma = false;
  for (const [i, shape] of parameterShapes(net).entries()) {
    const [, inputs] = shape;
    const first = i === 0 ? IMAGE_STD : 1;
    if (inputs !== undefined) save(`${net.name}-${i}`, rng.normal(shape, { std: 1 / (first * Math.sqrt(inputs)) }));
    else save(`${net.name}-${i}`, rng.normal(shape, { mean: isGamma ? 1 : 0, std: 0.1 }));
    isGamma = net.norm && inputs === undefined && !isGamma;
  }
}
