import { Random } from '../../../array/index.js';
import { ConvNet } from '../../../models/convnet.js';

/** The classes of CIFAR-10 by label: the even ones are learned first, the odd ones afterwards. Both have animals and vehicles. */
export const SOURCE_CLASSES: readonly number[] = [0, 2, 4, 6, 8];
export const TARGET_CLASSES: readonly number[] = [1, 3, 5, 7, 9];

/** How a net starts on the target classes, with its name in reports. */
export const START_LABELS = { scratch: 'from scratch', full: 'fine-tuned', frozen: 'frozen features' } as const;

export type Start = keyof typeof START_LABELS;

export const STARTS: readonly Start[] = ['scratch', 'full', 'frozen'];

/** How a net is trained, on the source classes or on the target classes. Adam, constant rate, no augmentation. */
export interface TransferTraining {
  learningRate: number;
  batchSize: number;
  /** The steps after which the net is evaluated, the last one at the end. */
  evaluations: readonly number[];
  /** Test images per class in each evaluation except the last, and in the last. */
  testImages: number;
  lastTestImages: number;
}

/** Everything that the runs of the experiment have in common. */
export interface TransferPlan {
  /** The channels of the five stages of the ConvNet. */
  widths: readonly number[];
  /** Training images per target class. */
  sizes: readonly number[];
  source: TransferTraining;
  target: TransferTraining;
}

/** The course's convolutional net, eight times narrower, so that the experiment takes minutes and not days. */
export const TRANSFER_PLAN: TransferPlan = {
  widths: [8, 16, 32, 64, 64],
  sizes: [50, 250, 1000],
  source: { learningRate: 1e-3, batchSize: 64, evaluations: [300, 600, 900], testImages: 200, lastTestImages: 1000 },
  target: {
    learningRate: 1e-3,
    batchSize: 32,
    evaluations: [25, 50, 100, 200, 300],
    testImages: 200,
    lastTestImages: 1000,
  },
};

/** For `--quick`. */
export const QUICK_TRANSFER_PLAN: TransferPlan = {
  widths: [4, 4, 8, 8, 8],
  sizes: [5, 10, 20],
  source: { learningRate: 1e-3, batchSize: 16, evaluations: [2, 4], testImages: 10, lastTestImages: 20 },
  target: { learningRate: 1e-3, batchSize: 16, evaluations: [2, 4], testImages: 10, lastTestImages: 20 },
};

/** A new net for five classes. */
export function transferNet(widths: readonly number[], seed: string): ConvNet {
  return new ConvNet({ channels: 3, classes: TARGET_CLASSES.length, widths, rng: new Random(seed) });
}
