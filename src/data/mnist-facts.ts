/**
 * MNIST: 70,000 gray images of handwritten digits, 28 × 28 pixels. LeCun, Bottou, Bengio and Haffner 1998,
 * "Gradient-based learning applied to document recognition". http://yann.lecun.com/exdb/mnist/
 */

/** The classes, by label. */
export const MNIST_CLASSES: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** An image: one channel, row by row; 0 is the paper, 255 the ink. */
export const MNIST_SHAPE = { channels: 1, height: 28, width: 28 } as const;

/** A file of the original set and the md5 of its content, which is that of the unpacked file. */
export interface MnistFile {
  name: string;
  md5: string;
}

/** The images of one half and their labels. */
export interface MnistHalf {
  images: MnistFile;
  labels: MnistFile;
  count: number;
}

/** The training half. */
export const MNIST_TRAIN: MnistHalf = {
  images: { name: 'train-images-idx3-ubyte', md5: '6bbc9ace898e44ae57da46a324031adb' },
  labels: { name: 'train-labels-idx1-ubyte', md5: 'a25bea736e30d166cdddb491f175f624' },
  count: 60_000,
};

/** The test half. */
export const MNIST_TEST: MnistHalf = {
  images: { name: 't10k-images-idx3-ubyte', md5: '2646ac647ad5339dbf082846283269ea' },
  labels: { name: 't10k-labels-idx1-ubyte', md5: '27ae3e4e09519cfbb04c329615203637' },
  count: 10_000,
};

/** All four files. */
export const MNIST_FILES: readonly MnistFile[] = mnistFilesOf(MNIST_TRAIN, MNIST_TEST);

/** A set in the format of MNIST, with its file names and shapes: MNIST itself, or one that takes its place. */
export interface MnistLike {
  /** The name in sentences. */
  title: string;
  /** What `--dataset` calls it. */
  name: string;
  /** The folder into which PyTorch puts its files. */
  torchFolder: string;
  classes: readonly string[];
  train: MnistHalf;
  test: MnistHalf;
  /** All four files. */
  files: readonly MnistFile[];
}

/** MNIST itself. */
export const MNIST: MnistLike = {
  title: 'MNIST',
  name: 'mnist',
  torchFolder: 'MNIST',
  classes: MNIST_CLASSES,
  train: MNIST_TRAIN,
  test: MNIST_TEST,
  files: MNIST_FILES,
};

/** The four files of two halves. */
export function mnistFilesOf(train: MnistHalf, test: MnistHalf): MnistFile[] {
  return [train.images, train.labels, test.images, test.labels];
}
