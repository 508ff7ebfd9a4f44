import type { NdArray } from '../array/index.js';
import type { Parameter } from './parameter.js';

/**
 * What every layer can do: all that a net, a trainer or a gradient check asks of it. A class with these five methods
 * works with the rest of the library. `Module` provides the last three.
 */
export interface Layer {
  /**
   * Computes the layer's output. Caches only what `backward` needs and never changes `x`. It may cache `x` itself, so
   * do not change `x` before `backward`.
   *
   * @param x (N, …): N samples in the shape that the layer takes, or any shape where the layer works element by
   * element
   * @returns the output, a fresh array
   * @throws ShapeError or DtypeError for an x that the layer does not take
   */
  forward(x: NdArray): NdArray;
  /**
   * Takes dL/dout of the last `forward`, ADDS dL/dparameter into the `grad` of each parameter, and returns dL/dx.
   *
   * @param dout the shape and dtype of what `forward` returned; not changed
   * @returns dL/dx, a fresh array with the shape of x
   * @throws Error before any `forward`, ShapeError or DtypeError for a dout that does not fit
   */
  backward(dout: NdArray): NdArray;
  /** The layer's parameters, weight before bias and gamma before beta. Empty if there are none. */
  parameters(): Parameter[];
  /** Switches to training. A new layer is in training. */
  train(): void;
  /** Switches to evaluation. */
  eval(): void;
}
