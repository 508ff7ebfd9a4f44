import { assertDtype, assertShape, type NdArray } from '../array/index.js';
import { BatchNorm1d } from './batch-norm.js';

/**
 * Batch normalization of images: it shifts and scales every channel to mean 0 and variance 1 over all pixels of all images
 * of the batch. Every pixel counts as a sample. So forward and backward are those of `BatchNorm1d`, with $N \cdot H \cdot W$
 * in place of $N$; the derivation is there.
 */
export class BatchNorm2d extends BatchNorm1d {
  static override readonly name: string = 'BatchNorm2d';

  /** Throws unless x is of shape (N, C, H, W) and of the layer's dtype. */
  protected override assertInput(x: NdArray): void {
    assertShape('BatchNorm2d.forward', 'x', x, ['N', this.features, 'H', 'W']);
    assertDtype('BatchNorm2d.forward', 'x', x, this.gamma.value.dtype);
  }
}
