import { type NdArray, zerosLike } from '../array/index.js';

/**
 * A value that training changes, beside the gradient of the loss with respect to it. `backward` adds into
 * `grad`; the optimiser reads it and sets it back to zero.
 */
export class Parameter {
  /** The same shape and dtype as `value`; zeros at first. */
  readonly grad: NdArray;

  constructor(
    readonly name: string,
    readonly value: NdArray,
  ) {
    this.grad = zerosLike(value);
  }
}
