import type { NdArray } from '../array/index.js';
import type { Parameter } from './parameter.js';

/**
 * What every layer can do, and all that a net, a trainer or a gradient check asks of one. Write a class with
 * these five methods and it composes with the rest; `Module` gives the last three.
 */
export interface Layer {
  /**
   * The layer's output for `x`, a fresh array. Remembers only what `backward` needs, and never changes `x`; it may remember
   * `x` itself, so that must not be changed before `backward`.
   *
   * @param x (N, …): N samples, in whatever shape the layer takes; any shape where it works element by element
   * @throws ShapeError or DtypeError for an x that it does not take
   */
  forward(x: NdArray): NdArray;
  /**
   * Takes dL/dout of the last `forward`, ADDS dL/dparameter into each parameter's `grad`, and returns dL/dx.
   *
   * @param dout the shape and dtype of what `forward` returned; not changed
   * @returns dL/dx, a fresh array of the shape of x
   * @throws Error before any `forward`, ShapeError or DtypeError for a dout that does not fit it
   */
  backward(dout: NdArray): NdArray;
  /** The layer's parameters, weight before bias and gamma before beta; empty where there are none. */
  parameters(): Parameter[];
  /** Behave as in training; so at construction. */
  train(): void;
  /** Behave as in evaluation. */
  eval(): void;
}
