import { assertArray, assertText, type NdArray, zerosLike } from '../array/index.js';

/**
 * Throws unless a value is a list of parameters.
 *
 * @param call what the message begins with, such as `SGD`
 * @throws TypeError for anything else, RangeError for a parameter that is in the list twice
 */
export function assertParameters(call: string, parameters: readonly Parameter[]): void {
  if (!Array.isArray(parameters))
    throw new TypeError(`${call}: expected a list of parameters, such as layer.parameters()`);
  const wrong = parameters.findIndex((parameter) => !parameter?.value || !parameter.grad);
  if (wrong >= 0)
    throw new TypeError(`${call}: expected a list of parameters, but element ${wrong} is not a Parameter`);
  if (new Set(parameters).size < parameters.length)
    throw new RangeError(`${call}: a parameter is in the list twice, and would be changed twice`);
}

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
    assertText('Parameter', 'name', name);
    assertArray('Parameter', 'value', value);
    this.grad = zerosLike(value);
  }
}
