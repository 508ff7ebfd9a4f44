import { assertLike, assign, copy, type NdArray } from '../array/index.js';
import type { Layer } from './layer.js';
import type { Parameter } from './parameter.js';

/** Arrays by dotted name, such as `layers.0.weight`: everything that a trained layer has learned. */
export type StateDict = Record<string, NdArray>;

/**
 * The base of this library's layers: it holds the mode, the half of `backward` that needs no dx, and the
 * saving and loading of what was learned, so that a layer's own file holds only its mathematics.
 */
export abstract class Module implements Layer {
  /** True in training, false in evaluation. */
  protected training = true;

  abstract forward(x: NdArray): NdArray;
  abstract backward(dout: NdArray): NdArray;

  parameters(): Parameter[] {
    return [];
  }

  train(): void {
    this.training = true;
  }

  eval(): void {
    this.training = false;
  }

  /**
   * `backward` without its return value: adds the gradients of the parameters, and need not compute dx.
   *
   * @param dout as in `backward`
   */
  accumulateGradients(dout: NdArray): void {
    this.backward(dout);
  }

  /** The live arrays that make up the layer's state, by name; `stateDict` copies them. */
  namedArrays(): [name: string, value: NdArray][] {
    return this.namedParameters().map(([name, parameter]) => [name, parameter.value]);
  }

  /** The parameters by the name they have in the `stateDict`. */
  namedParameters(): [name: string, parameter: Parameter][] {
    return this.parameters().map((parameter) => [parameter.name, parameter]);
  }

  /** Copies of all learned arrays by dotted name. */
  stateDict(): StateDict {
    return Object.fromEntries(this.namedArrays().map(([name, value]) => [name, copy(value)]));
  }

  /**
   * Copies the arrays of a `stateDict` into this layer; all of them or, on an error, none.
   *
   * @param dict exactly the names of `namedArrays`, with arrays of their shapes and dtypes
   * @throws Error when a name is missing or unknown, ShapeError or DtypeError when an array does not fit
   */
  loadStateDict(dict: Readonly<StateDict>): void {
    loadArrays(this.namedArrays(), dict, 'this layer');
  }
}

/** Copies arrays over those of the same names; all of them or, on an error, none. */
export function loadArrays(
  own: readonly [name: string, value: NdArray][],
  dict: Readonly<StateDict>,
  owner: string,
): void {
  const unknown = Object.keys(dict).filter((key) => !own.some(([name]) => name === key));
  const missing = own.filter(([name]) => !(name in dict)).map(([name]) => name);
  if (unknown.length > 0 || missing.length > 0) {
    const parts = [
      missing.length > 0 && `missing ${missing.join(', ')}`,
      unknown.length > 0 && `unknown ${unknown.join(', ')}`,
    ];
    throw new Error(`loadStateDict: the names do not fit ${owner}: ${parts.filter(Boolean).join('; ')}`);
  }
  for (const [name, value] of own) assertLike('loadStateDict', name, dict[name], value);
  for (const [name, value] of own) assign(value, dict[name]);
}

/** The parameters of any layer by the names they have in its state. */
export function namedParametersOf(layer: Layer): [name: string, parameter: Parameter][] {
  if (layer instanceof Module) return layer.namedParameters();
  return layer.parameters().map((parameter) => [parameter.name, parameter]);
}

/** The arrays of any layer's state by name. */
export function namedArraysOf(layer: Layer): [name: string, value: NdArray][] {
  if (layer instanceof Module) return layer.namedArrays();
  return layer.parameters().map((parameter) => [parameter.name, parameter.value]);
}

/**
 * What `forward` remembered, or the error of a `backward` that came first.
 *
 * @param layer the name that the error begins with, such as `Linear`
 * @param value what `forward` kept; undefined before any
 * @throws Error when it is undefined
 */
export function remembered<T>(layer: string, value: T | undefined): T {
  if (value === undefined)
    throw new Error(`${layer}.backward: call forward first; there is nothing to go back through`);
  return value;
}
