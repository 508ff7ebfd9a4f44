import { type NdArray, zerosLike } from '../array/index.js';

/**
 * A value that training changes, beside the gradient of the loss with respect to it. `backward` adds into
 * `grad`; the optimiser reads it and sets it back to zero.
 */
export class Parameter {
  /** The same shape and dtype as `value`; zeros at first. */
  readonly grad: NdArray;

  /**
   * A parameter with this value and a gradient of zeros.
   *
   * @param name its name within its layer, the last part of that in a `stateDict`: `weight`, `bias`, `gamma` or `beta`
   * @param value the array itself, not a copy: `step` and `loadStateDict` write into it
   */
  constructor(
    readonly name: string,
    readonly value: NdArray,
  ) {
    this.grad = zerosLike(value);
  }
}
