import { assertFilled, copy, type NdArray, reshape } from '../array/index.js';
import { Module } from './module.js';

/**
 * Makes one row of every sample, in row-major order. It stands between layers that take images and layers that take
 * rows.
 *
 * **Forward.** Every element of $X$ is one element of $Y$, in another place: $Y_{n,\,f(c,p,q)} = X_{ncpq}$ with
 * $f(c,p,q) = (c H + p) W + q$ for images.
 *
 * **Backward.** The gradient goes back the same way: $\partial L/\partial X_{ncpq} = \partial L/\partial Y_{n,\,f(c,p,q)}$.
 */
export class Flatten extends Module {
  static override readonly name: string = 'Flatten';

  private x: Pick<NdArray, 'shape' | 'dtype'> | undefined;

  /**
   * @param x (N, …), such as (N, C, H, W)
   * @returns (N, D), a fresh array
   * @throws ShapeError for an x without elements
   */
  forward(x: NdArray): NdArray {
    assertFilled('Flatten.forward', 'x', x);
    this.x = { shape: x.shape, dtype: x.dtype };
    return reshape(copy(x), [x.shape[0], -1]); // (N, D)
  }

  /**
   * @param dout (N, D)
   * @returns dL/dx, (N, …)
   */
  backward(dout: NdArray): NdArray {
    const { shape } = this.cached(this.x, dout, ({ shape: [N, ...sample], dtype }) => {
      return { shape: [N, sample.reduce((product, size) => product * size, 1)], dtype };
    });
    return reshape(copy(dout), shape); // (N, …)
  }
}
