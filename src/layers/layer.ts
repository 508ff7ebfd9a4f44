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
   */
  forward(x: NdArray): NdArray;
  /**
   * Takes dL/dout of the last `forward`, ADDS dL/dparameter into each parameter's `grad`, and returns dL/dx.
   *
   * @throws Error before any `forward`
   */
  backward(dout: NdArray): NdArray;
  /** The layer's parameters, weight before bias and gamma before beta; empty where there are none. */
  parameters(): Parameter[];
  /** Behave as in training; so at construction. */
  train(): void;
  /** Behave as in evaluation. */
  eval(): void;
}
