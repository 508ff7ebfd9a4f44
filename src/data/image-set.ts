import { asArray, type NdArray, oneHot } from '../array/index.js';
import type { ImageShape } from './augment/augmentation.js';

/** A run of images in memory that lie `stride` bytes apart, as a file holds them. */
export interface ImageBlock {
  /** The memory that the images lie in, with whatever else a file holds. */
  bytes: Uint8Array;
  /** The position in `bytes` at which the first image begins. */
  first: number;
  /** Bytes from the beginning of an image to that of the next: its own, and those of the label where a file has it between. */
  stride: number;
  /** One label an image; their number is the number of images. */
  labels: Uint8Array;
}

/** A batch as a net takes it. */
export interface Batch {
  /** (N, D) float32 */
  x: NdArray;
  /** (N, C) float32, one-hot */
  targets: NdArray;
}

/**
 * Labelled images that stay bytes, in the very memory their files were read into, until a batch is drawn:
 * 60,000 images of CIFAR-10 take 184 MB so, and would take 737 MB as float32.
 */
export class ImageSet {
  /** N: positions are from 0 to N − 1. */
  readonly count: number;
  /** Bytes an image: channels · height · width. */
  readonly width: number;
  private readonly starts: number[] = [];

  /**
   * A set in memory that is there already; nothing is copied.
   *
   * @param blocks the images in their order, run after run
   * @param shape of every image
   * @param classNames by label, so C of them
   */
  constructor(
    private readonly blocks: readonly ImageBlock[],
    readonly shape: ImageShape,
    readonly classNames: readonly string[],
  ) {
    this.width = shape.channels * shape.height * shape.width;
    let count = 0;
    for (const block of blocks) {
      this.starts.push(count);
      count += block.labels.length;
    }
    this.count = count;
  }

  /**
   * The bytes of image `i`: channel by channel, row by row.
   *
   * @returns `width` bytes in the set's own memory, not a copy
   * @throws RangeError unless i is a whole number from 0 to N − 1
   */
  image(i: number): Uint8Array {
    const [block, k] = this.locate(i);
    const start = block.first + k * block.stride;
    return block.bytes.subarray(start, start + this.width);
  }

  /**
   * The label of image `i`, from 0 to C − 1.
   *
   * @throws RangeError unless i is a whole number from 0 to N − 1
   */
  label(i: number): number {
    const [block, k] = this.locate(i);
    return block.labels[k];
  }

  /**
   * The images at the given positions, less `mean`, one a row, on the scale of 0 to 255, and their one-hot labels.
   *
   * @param indices of the batch's images, in any order
   * @param mean D numbers, where D is `width`
   * @param change may change the pixels of each image, in place, before the mean is taken off
   * @returns one row an index
   * @throws RangeError for a mean of another length, or a position that is none
   */
  batch(indices: ArrayLike<number>, mean: ArrayLike<number>, change?: (pixels: Float32Array) => void): Batch {
    if (mean.length !== this.width) {
      throw new RangeError(`ImageSet.batch: expected a mean image of ${this.width} numbers, got ${mean.length}`);
    }
    const x = new Float32Array(indices.length * this.width);
    const labels = new Uint8Array(indices.length);
    for (let n = 0; n < indices.length; n++) {
      const row = x.subarray(n * this.width, (n + 1) * this.width);
      const image = this.image(indices[n]);
      if (change) {
        row.set(image);
        change(row);
        subtractMean(row, row, mean);
      } else subtractMean(row, image, mean);
      labels[n] = this.label(indices[n]);
    }
    return { x: asArray(x, [indices.length, this.width]), targets: oneHot(labels, this.classNames.length) };
  }

  /** The images from `start` to before `end`, in the same memory; a bound beyond either end is taken as that end. */
  slice(start: number, end: number): ImageSet {
    const blocks = this.blocks.map((block, b) => {
      const [from, to] = [start, end].map((i) => Math.min(Math.max(i - this.starts[b], 0), block.labels.length));
      return { ...block, first: block.first + from * block.stride, labels: block.labels.subarray(from, to) };
    });
    return new ImageSet(
      blocks.filter(({ labels }) => labels.length > 0),
      this.shape,
      this.classNames,
    );
  }

  /** The mean of every pixel over the set, of length `width`: what the course's preprocessing subtracts. */
  meanImage(): Float64Array {
    const total = new Float64Array(this.width);
    for (let i = 0; i < this.count; i++) {
      const image = this.image(i);
      for (let d = 0; d < this.width; d++) total[d] += image[d];
    }
    return total.map((value) => value / this.count);
  }

  private locate(i: number): [block: ImageBlock, k: number] {
    if (!Number.isInteger(i) || i < 0 || i >= this.count) {
      throw new RangeError(`ImageSet: there is no image ${i} among ${this.count}`);
    }
    let b = this.starts.length - 1;
    while (this.starts[b] > i) b--;
    return [this.blocks[b], i - this.starts[b]];
  }
}

function subtractMean(to: Float32Array, from: ArrayLike<number>, mean: ArrayLike<number>): void {
  for (let d = 0; d < to.length; d++) to[d] = from[d] - mean[d];
}
