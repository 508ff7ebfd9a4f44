/**
 * CIFAR-10: 60,000 color images of 32 × 32 pixels in ten classes. Krizhevsky 2009, "Learning multiple layers of
 * features from tiny images". https://www.cs.toronto.edu/~kriz/cifar.html
 */

/** The classes, by label. */
export const CIFAR10_CLASSES: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/** An image: the red channel, the green, the blue, each row by row. */
export const IMAGE_SHAPE = { channels: 3, height: 32, width: 32 } as const;

/** Bytes an image. */
export const IMAGE_BYTES = IMAGE_SHAPE.channels * IMAGE_SHAPE.height * IMAGE_SHAPE.width;

/** Images a file. */
export const IMAGES_PER_FILE = 10_000;

/** Bytes a record of the binary version: the label, then the image. */
export const RECORD_BYTES = 1 + IMAGE_BYTES;

/** A file of the official binary version, the pickle of the Python version with the same images, and its md5. */
export interface BatchFile {
  binary: string;
  pickle: string;
  /** Of the binary file; of a pickle, that of the same records in binary form. */
  md5: string;
}

/** The five training files, in order. */
export const TRAIN_FILES: readonly BatchFile[] = [
  { binary: 'data_batch_1.bin', pickle: 'data_batch_1', md5: '5dd7e06a14cb22eb9f671a540d1b7c25' },
  { binary: 'data_batch_2.bin', pickle: 'data_batch_2', md5: '5ea93a67294ea407fff1d09f752e9692' },
  { binary: 'data_batch_3.bin', pickle: 'data_batch_3', md5: '942cd6a4bcdd0dd3c604fbe906cb4421' },
  { binary: 'data_batch_4.bin', pickle: 'data_batch_4', md5: 'ae636b3ba5c66a11e91e8cb52e771fcb' },
  { binary: 'data_batch_5.bin', pickle: 'data_batch_5', md5: '53f37980c15c3d472c316c40844f3f0d' },
];

/** The test file. */
export const TEST_FILE: BatchFile = {
  binary: 'test_batch.bin',
  pickle: 'test_batch',
  md5: '803d5f7f4d78ea53de84dbe85f74fb6d',
};

/** All six, training files first. */
export const ALL_FILES: readonly BatchFile[] = [...TRAIN_FILES, TEST_FILE];
