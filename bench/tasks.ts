import type { ImageNet } from './image-nets.js';

/**
 * The tasks. The parent process and the processes of all libraries use these types; the Python ones get them as JSON.
 */

/**
 * A multi-layer perceptron and how it is trained: Linear → (BatchNorm) → ELU → … → Linear → softmax, cross-entropy.
 */
export interface Net {
  /** The name of its parameter files. */
  name: string;
  /** Inputs, hidden widths, classes. */
  widths: number[];
  /** Batch normalization before each ELU. */
  norm: boolean;
  optimizer: 'sgd' | 'adam';
  learningRate: number;
}

/** One training step on a batch in memory: forward, loss, backward, update. The result is the loss. */
export interface TrainTask {
  kind: 'train';
  net: Net;
  batch: number;
}

/** The class probabilities of all images, one file at a time, in evaluation mode. The result is the probabilities. */
export interface InferTask {
  kind: 'infer';
  net: Net;
}

/** (n, k) times (k, m), both row-major. The result is the product. */
export interface ProductTask {
  kind: 'product';
  dtype: 'float32' | 'float64';
  n: number;
  k: number;
  m: number;
}

/** One training step of an image net, like `TrainTask`. The result is the loss. */
export interface TrainImagesTask {
  kind: 'train-images';
  net: ImageNet;
  batch: number;
}

/**
 * The class probabilities of the first images, in batches, in evaluation mode and with running statistics as they are
 * before training. The result is the probabilities.
 */
export interface InferImagesTask {
  kind: 'infer-images';
  net: ImageNet;
  batch: number;
  images: number;
}

/**
 * A convolution of square images in float32 with stride 1 and no bias, whose padding keeps the size: forward, and both
 * gradients for a given gradient of the output. The results are the output, the gradient of the images and that of the
 * weight.
 */
export interface ConvolutionTask {
  kind: 'convolution';
  batch: number;
  inputs: number;
  outputs: number;
  /** Height and width. */
  size: number;
  kernel: number;
}

/** A task with a convolution. */
export type ImageTask = TrainImagesTask | InferImagesTask | ConvolutionTask;

/** A task without one. */
export type PlainTask = TrainTask | InferTask | ProductTask;

export type Task = PlainTask | ImageTask;

/** Whether a task needs a convolution. */
export function isImageTask(task: Task): task is ImageTask {
  return task.kind === 'train-images' || task.kind === 'infer-images' || task.kind === 'convolution';
}

/** A task and its name. */
export interface Job {
  id: string;
  /** The heading of the table's column. */
  title: string;
  task: Task;
  /** Whether it takes too long for slow libraries, which are left out with a note, and for `--quick`. */
  long?: boolean;
}

export const J1_NET: Net = { name: 'j1', widths: [3072, 100, 10], norm: false, optimizer: 'sgd', learningRate: 1e-3 };
export const J2_NET: Net = {
  name: 'j2',
  widths: [3072, 1024, 512, 256, 64, 10],
  norm: true,
  optimizer: 'adam',
  learningRate: 1e-3,
};

/** The images: 10 files of 1,000. A training batch is the first images, and a batch of J3 is one file. */
export const IMAGE_FILES = 10;
export const IMAGES_A_FILE = 1000;

/** The jobs with names. */
export const JOBS: readonly Job[] = [
  { id: 'j1', title: 'J1', task: { kind: 'train', net: J1_NET, batch: 200 } },
  { id: 'j2', title: 'J2', task: { kind: 'train', net: J2_NET, batch: 128 } },
  { id: 'j3', title: 'J3', task: { kind: 'infer', net: J1_NET } },
  { id: 'j3-deep', title: "J3, J2's net", task: { kind: 'infer', net: J2_NET }, long: true },
];

/** The matrix products, in each dtype. */
export const PRODUCTS: readonly Job[] = (['float32', 'float64'] as const).flatMap((dtype) =>
  [
    [64, 64, 64],
    [200, 3072, 100],
    [128, 3072, 1024],
    [1024, 1024, 1024],
  ].map(([n, k, m]) => ({
    id: `product-${n}x${k}x${m}-${dtype}`,
    title: `${n} × ${k} × ${m}`,
    task: { kind: 'product', dtype, n, k, m },
  })),
);

/** Jobs of growing size: the points of one curve. */
export interface Growth {
  /** What all points are. */
  of: 'step' | 'convolution';
  /** The name of the axis. */
  axis: string;
  points: { at: number; job: Job }[];
}

/** The time of a step of J1 by hidden width and by batch size; fewer points with `--quick`. */
export function growths(quick: boolean): Growth[] {
  const widths = quick ? [100, 800, 3200] : [100, 200, 400, 800, 1600, 3200];
  const batches = quick ? [1, 64, 3200] : [1, 4, 16, 64, 200, 800, 3200];
  return [
    {
      of: 'step',
      axis: 'hidden width (batch 200)',
      points: widths.map((width) => ({ at: width, job: growthJob(width, 200) })),
    },
    {
      of: 'step',
      axis: 'batch (hidden width 100)',
      points: batches.map((batch) => ({ at: batch, job: growthJob(100, batch) })),
    },
  ];
}

function growthJob(width: number, batch: number): Job {
  const net = width === 100 ? J1_NET : { ...J1_NET, name: `width-${width}`, widths: [3072, width, 10] };
  return {
    id: `growth-${width}-${batch}`,
    title: `width ${width}, batch ${batch}`,
    task: { kind: 'train', net, batch },
  };
}

/**
 * The shapes of the parameters of a net, layer by layer: weight, bias and, with `norm`, gamma and beta before an ELU.
 */
export function parameterShapes({ widths, norm }: Net): number[][] {
  return widths.slice(1).flatMap((width, i) => {
    const normed = norm && i < widths.length - 2;
    return [[width, widths[i]], [width], ...(normed ? [[width], [width]] : [])];
  });
}

/**
 * The number of multiplications and additions of a product, or of the three products of a convolution by definition: a
 * faster algorithm needs fewer.
 */
export function flops(task: ProductTask | ConvolutionTask): number {
  if (task.kind === 'product') return 2 * task.n * task.k * task.m;
  const { batch, inputs, outputs, size, kernel } = task;
  return 3 * 2 * batch * inputs * outputs * size ** 2 * kernel ** 2;
}
