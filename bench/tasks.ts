/**
 * What is measured. The parent process and every peer speak of it in these words; the Python peers get them as JSON.
 */

/** A multi-layer perceptron and how it is trained: Linear → (BatchNorm) → ELU → … → Linear → softmax, cross-entropy. */
export interface Net {
  /** The name of its files of parameters. */
  name: string;
  /** Inputs, hidden widths, classes. */
  widths: number[];
  /** Batch normalization before each ELU. */
  norm: boolean;
  optimizer: 'sgd' | 'adam';
  learningRate: number;
}

/** One step of training on a batch that is in memory: forward, loss, backward, update. The answer is the loss. */
export interface TrainTask {
  kind: 'train';
  net: Net;
  batch: number;
}

/** The class probabilities of all images, a file at a time, in evaluation mode. The answer is the probabilities. */
export interface InferTask {
  kind: 'infer';
  net: Net;
}

/** (n, k) times (k, m), both row after row. The answer is the product. */
export interface ProductTask {
  kind: 'product';
  dtype: 'float32' | 'float64';
  n: number;
  k: number;
  m: number;
}

export type Task = TrainTask | InferTask | ProductTask;

/** A task, and how it is called. */
export interface Job {
  id: string;
  /** What the table's column says. */
  title: string;
  task: Task;
  /** Too long for the slow peers, which are left out with a note, and for `--quick`. */
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

/** The images of the data: 10 files of 1,000. A training batch is the first so many of them, a J3 batch is one file. */
export const IMAGE_FILES = 10;
export const IMAGES_A_FILE = 1000;

/** The jobs that have a name. */
export const JOBS: readonly Job[] = [
  { id: 'j1', title: 'J1', task: { kind: 'train', net: J1_NET, batch: 200 } },
  { id: 'j2', title: 'J2', task: { kind: 'train', net: J2_NET, batch: 128 } },
  { id: 'j3', title: 'J3', task: { kind: 'infer', net: J1_NET } },
  { id: 'j3-deep', title: "J3, J2's net", task: { kind: 'infer', net: J2_NET }, long: true },
];

/** The bare products, in each dtype. */
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

/** A training step as the net, or the batch, grows: one curve's points. */
export interface Growth {
  /** What grows, as the picture's axis says it. */
  axis: string;
  points: { at: number; job: Job }[];
}

/** How the cost of J1's step grows with the hidden width and with the batch; fewer points when in a hurry. */
export function growths(quick: boolean): Growth[] {
  const widths = quick ? [100, 800, 3200] : [100, 200, 400, 800, 1600, 3200];
  const batches = quick ? [1, 64, 3200] : [1, 4, 16, 64, 200, 800, 3200];
  return [
    { axis: 'hidden width (batch 200)', points: widths.map((width) => ({ at: width, job: growthJob(width, 200) })) },
    { axis: 'batch (hidden width 100)', points: batches.map((batch) => ({ at: batch, job: growthJob(100, batch) })) },
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

/** The shapes of a net's parameters, layer after layer: weight, bias and, before an ELU with `norm`, gamma, beta. */
export function parameterShapes({ widths, norm }: Net): number[][] {
  return widths.slice(1).flatMap((width, i) => {
    const normed = norm && i < widths.length - 2;
    return [[width, widths[i]], [width], ...(normed ? [[width], [width]] : [])];
  });
}

/** How many multiplications and additions a product takes. */
export function flops({ n, k, m }: ProductTask): number {
  return 2 * n * k * m;
}
