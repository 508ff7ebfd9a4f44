import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { astype, encodeNpy, type NdArray, oneHot, Random } from '../lib/index.js';
import { type ImageNet, imageParameters } from './image-nets.js';
import {
  type ConvolutionTask,
  IMAGE_FILES,
  IMAGES_A_FILE,
  type Job,
  type Net,
  type ProductTask,
  parameterShapes,
  type Task,
} from './tasks.js';

/** The standard deviation of the images, so small that a step of J1 decreases the loss. */
const IMAGE_STD = 10;

/**
 * Draws the data of the jobs in float32, and writes them into a folder as `.npy` files, so that all libraries read
 * the same bytes: `images-…` and `targets-…` (one-hot), the parameters of each net, and the operands of each product and
 * convolution.
 */
export function writeData(folder: string, jobs: readonly Job[]): void {
  const save = (name: string, x: NdArray) => writeFileSync(join(folder, `${name}.npy`), encodeNpy(x));
  const rng = new Random(1);
  for (let i = 0; i < imageFiles(jobs); i++) {
    save(`images-${i}`, rng.normal([IMAGES_A_FILE, 3072], { std: IMAGE_STD }));
    const labels = Array.from({ length: IMAGES_A_FILE }, () => Math.floor(10 * rng.next()));
    save(`targets-${i}`, oneHot(labels, 10));
  }
  for (const net of netsOf(jobs)) {
    if ('widths' in net) saveNet(net, rng, save);
    else saveImageNet(net, save);
  }
  for (const task of tasksOf('convolution', jobs)) saveConvolution(task, save);
  for (const product of tasksOf('product', jobs)) {
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

/** The names of the files of a convolution's images, weight and gradient of the output. */
export function convolutionFile(task: ConvolutionTask, part: 'x' | 'weight' | 'dout'): string {
  const { batch, inputs, outputs, size, kernel } = task;
  return `convolution-${batch}x${inputs}x${outputs}x${size}x${kernel}-${part}`;
}

/** The number of files with images: all for the MLPs, as many as needed for the image nets. */
function imageFiles(jobs: readonly Job[]): number {
  const images = jobs.map(({ task }) => {
    if (task.kind === 'train' || task.kind === 'infer') return IMAGE_FILES * IMAGES_A_FILE;
    if (task.kind === 'train-images') return task.batch;
    return task.kind === 'infer-images' ? task.images : 0;
  });
  return Math.ceil(Math.max(0, ...images) / IMAGES_A_FILE);
}

function netsOf(jobs: readonly Job[]): (Net | ImageNet)[] {
  const nets = jobs.flatMap(({ task }) => ('net' in task ? [task.net] : []));
  return [...new Map(nets.map((net) => [net.name, net])).values()];
}

function tasksOf<K extends Task['kind']>(kind: K, jobs: readonly Job[]): Extract<Task, { kind: K }>[] {
  return jobs.flatMap(({ task }) => (task.kind === kind ? [task as Extract<Task, { kind: K }>] : []));
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

/** The same for an image net. It has a generator of its own, so that the other nets do not depend on it. */
function saveImageNet({ name, layers }: ImageNet, save: (name: string, x: NdArray) => void): void {
  const rng = new Random(name);
  for (const [i, { role, shape }] of imageParameters(layers).entries()) {
    const inputs = shape.slice(1).reduce((product, length) => product * length, i === 0 ? IMAGE_STD ** 2 : 1);
    if (role === 'weight') save(`${name}-${i}`, rng.normal(shape, { std: 1 / Math.sqrt(inputs) }));
    else save(`${name}-${i}`, rng.normal(shape, { mean: role === 'gamma' ? 1 : 0, std: 0.1 }));
  }
}

/**
 * The standard deviations of x, weight and dout are such that all three results have numbers of about 1, because the
 * difference of all results is relative to the largest: each is a sum of products, `inputs · kernel²` for the output,
 * `outputs · kernel²` for dx, and one per pixel for dWeight.
 */
function saveConvolution(task: ConvolutionTask, save: (name: string, x: NdArray) => void): void {
  const { batch, inputs, outputs, size, kernel } = task;
  const [forOutput, forX, forWeight] = [inputs * kernel ** 2, outputs * kernel ** 2, batch * size ** 2].map(Math.sqrt);
  const x = Math.sqrt(forX / (forOutput * forWeight));
  const rng = new Random(convolutionFile(task, 'x'));
  save(convolutionFile(task, 'x'), rng.normal([batch, inputs, size, size], { std: x }));
  save(convolutionFile(task, 'weight'), rng.normal([outputs, inputs, kernel, kernel], { std: 1 / (x * forOutput) }));
  save(convolutionFile(task, 'dout'), rng.normal([batch, outputs, size, size], { std: 1 / (x * forWeight) }));
}
