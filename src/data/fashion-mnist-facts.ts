import { type MnistHalf, type MnistLike, mnistFilesOf } from './mnist-facts.js';

/**
 * Fashion-MNIST: 70,000 gray pictures of clothing in the format of MNIST, with the same shapes and file names. Xiao,
 * Rasul and Vollgraf 2017, arXiv 1708.07747. https://github.com/zalandoresearch/fashion-mnist
 */

/** The classes, by label. */
export const FASHION_MNIST_CLASSES: readonly string[] = [
  't-shirt',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot',
];

const TRAIN: MnistHalf = {
  images: { name: 'train-images-idx3-ubyte', md5: 'f4a8712d7a061bf5bd6d2ca38dc4d50a' },
  labels: { name: 'train-labels-idx1-ubyte', md5: '9018921c3c673c538a1fc5bad174d6f9' },
  count: 60_000,
};

const TEST: MnistHalf = {
  images: { name: 't10k-images-idx3-ubyte', md5: '8181f5470baa50b63fa0f6fddb340f0a' },
  labels: { name: 't10k-labels-idx1-ubyte', md5: '15d484375f8d13e6eb1aabb0c3f46965' },
  count: 10_000,
};

/** Fashion-MNIST as a set in the format of MNIST. */
export const FASHION_MNIST: MnistLike = {
  title: 'Fashion-MNIST',
  name: 'fashion-mnist',
  torchFolder: 'FashionMNIST',
  classes: FASHION_MNIST_CLASSES,
  train: TRAIN,
  test: TEST,
  files: mnistFilesOf(TRAIN, TEST),
};
