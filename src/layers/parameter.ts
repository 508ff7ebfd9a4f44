import { type NdArray, zerosLike } from '../array/index.js';

/**
 * A value that training changes, together with the gradient of the loss with respect to it. `backward` adds into
 * `grad`. The optimizer reads `grad` and sets it back to zero.
 */
export class Parameter {
  /** The gradient, with the shape and dtype of `value`. It starts at zero. */
  readonly grad: NdArray;

  /**
   * A parameter with this value and a gradient of zeros.
   *
   * @param name the last part of its path in a `stateDict`: `weight`, `bias`, `gamma` or `beta`
   * @param value the array itself, not a copy: `step` and `loadStateDict` write into it
   */
  constructor(
    readonly name: string,
    readonly value: NdArray,
  ) {
    this.grad = zerosLike(value);
  }
}
