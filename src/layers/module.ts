import {
  assertDtype,
  assertLike,
  assertMethods,
  assertOptions,
  assertShape,
  assertText,
  assign,
  copy,
  type NdArray,
} from '../array/index.js';
import type { Layer } from './layer.js';
import type { Parameter } from './parameter.js';

/** Arrays by dotted path, such as `layers.0.weight`: everything that a trained layer has learned. */
export type StateDict = Record<string, NdArray>;

/**
 * The base class of this library's layers. It keeps the mode, finds parameters and buffers by their paths, and saves
 * and loads them, so that the file of a layer holds only its mathematics.
 *
 * A container declares its `children`. A layer with running statistics declares its `buffers`. Everything else
 * follows.
 */
export abstract class Module implements Layer {
  /** True in training, false in evaluation. */
  protected training = true;

  abstract forward(x: NdArray): NdArray;
  /**
   * Adds the gradients of the parameters and returns dL/dx. A training loop does not use dL/dx of the whole net: there,
   * `accumulateGradients(loss.backward())` fills the same gradients in two thirds of the time for 3072 → 100 → 10.
   *
   * @param dout the shape and dtype of what `forward` returned
   * @returns dL/dx, with the shape of x
   */
  abstract backward(dout: NdArray): NdArray;

  /** The layers inside this one, in order, each with the name that begins the paths of its arrays. */
  children(): [name: string, layer: Layer][] {
    return [];
  }

  /** The layer's own arrays that belong to its state but are not learned, by name: running statistics. */
  buffers(): [name: string, value: NdArray][] {
    return [];
  }

  parameters(): Parameter[] {
    return this.children().flatMap(([, child]) => child.parameters());
  }

  train(): void {
    this.training = true;
    for (const [, child] of this.children()) child.train();
  }

  eval(): void {
    this.training = false;
    for (const [, child] of this.children()) child.eval();
  }

  /**
   * `backward` without its return value: adds the gradients of the parameters and may skip dx. A training loop calls
   * this one, `net.accumulateGradients(loss.backward())`.
   *
   * @param dout as in `backward`
   */
  accumulateGradients(dout: NdArray): void {
    this.backward(dout);
  }

  /** The parameters of this layer and all layers inside it, by path. */
  namedParameters(): [path: string, parameter: Parameter][] {
    return namedParametersOf(this);
  }

  /** The buffers of this layer and all layers inside it, by path. */
  namedBuffers(): [path: string, value: NdArray][] {
    return [...walkLayers(this)].flatMap(([path, layer]) => ownBuffers(path, layer));
  }

  /**
   * The live arrays of the layer's state by path, layer by layer, parameters before buffers. `stateDict` copies them.
   */
  namedArrays(): [path: string, value: NdArray][] {
    return namedArraysOf(this);
  }

  /** Copies of all learned arrays and buffers by path. */
  stateDict(): StateDict {
    return Object.fromEntries(this.namedArrays().map(([path, value]) => [path, copy(value)]));
  }

  /**
   * Copies the arrays of a `stateDict` into this layer. On an error, nothing is copied.
   *
   * @param dict exactly the paths of `namedArrays`, with arrays of the same shapes and dtypes. The counters
   * `num_batches_tracked` of PyTorch's batch norms are ignored.
   * @throws Error when a path is missing or unknown, ShapeError or DtypeError when an array does not fit
   */
  loadStateDict(dict: Readonly<StateDict>): void {
    loadArrays(this.namedArrays(), dict, 'this layer');
  }

  /**
   * The array that `forward` cached for `backward`, after a check that `dout` has its shape and dtype.
   *
   * @param value the cached array; undefined before the first `forward`
   * @param dout the argument of `backward`
   * @throws Error when `value` is undefined, ShapeError or DtypeError for a `dout` that does not fit
   */
  protected cached(value: NdArray | undefined, dout: NdArray): NdArray;
  /**
   * What `forward` cached for `backward`, after a check that `dout` fits the output of that `forward`.
   *
   * @param value what was cached; undefined before the first `forward`
   * @param dout the argument of `backward`
   * @param like gives the output's shape and dtype from what was cached
   * @throws Error when `value` is undefined, ShapeError or DtypeError for a `dout` that does not fit
   */
  protected cached<T>(value: T | undefined, dout: NdArray, like: (value: T) => Pick<NdArray, 'shape' | 'dtype'>): T;
  protected cached(
    value: NdArray | undefined,
    dout: NdArray,
    like: (value: NdArray) => Pick<NdArray, 'shape' | 'dtype'> = (x) => x,
  ): NdArray {
    const call = `${this.constructor.name}.backward`;
    if (value === undefined) throw new Error(`${call}: call forward first; there is nothing to go back through`);
    const { shape, dtype } = like(value);
    assertShape(call, 'dout', dout, shape);
    assertDtype(call, 'dout', dout, dtype);
    return value;
  }
}

/**
 * Throws unless a value is a layer.
 *
 * @param call what the message begins with, such as `Sequential`
 * @throws TypeError
 */
export function assertLayer(call: string, layer: Layer): void {
  const isObject = typeof layer === 'object' && layer !== null;
  if (isObject && typeof layer.forward === 'function' && typeof layer.backward === 'function') return;
  const hint = Array.isArray(layer) ? 'a list; write the layers as arguments, one after the other' : typeof layer;
  throw new TypeError(`${call}: expected a layer, with forward and backward, got ${hint}`);
}

/**
 * Throws unless a value is a layer of this library or extends one, with modes, names and `accumulateGradients`.
 *
 * @param call what the message begins with, such as `Trainer`
 * @throws TypeError
 */
export function assertModule(call: string, model: Module): void {
  const methods = ['forward', 'backward', 'accumulateGradients', 'parameters', 'train', 'eval', 'stateDict'];
  assertMethods(call, 'model', model, methods, 'a net or a layer that extends Module');
}

/**
 * Visits a layer and every layer inside it, a container before its children.
 *
 * @param layer any layer; one that is not a `Module` has no children
 * @param path the path of `layer` itself. Default: ''.
 * @returns each layer with the dotted path of its arrays
 */
export function* walkLayers(layer: Layer, path = ''): Generator<[path: string, layer: Layer]> {
  assertLayer('walkLayers', layer);
  assertText('walkLayers', 'path', path);
  yield [path, layer];
  for (const [name, child] of childrenOf(layer)) yield* walkLayers(child, joined(path, name));
}

/** The parameters of any layer and of all layers inside it, by path. */
export function namedParametersOf(layer: Layer): [path: string, parameter: Parameter][] {
  assertLayer('namedParametersOf', layer);
  return [...walkLayers(layer)].flatMap(([path, each]) =>
    ownParameters(each).map((parameter): [string, Parameter] => [joined(path, parameter.name), parameter]),
  );
}

/** The live arrays of any layer's state, by path: layer by layer, parameters before buffers. */
export function namedArraysOf(layer: Layer): [path: string, value: NdArray][] {
  assertLayer('namedArraysOf', layer);
  return [...walkLayers(layer)].flatMap(([path, each]) => [
    ...ownParameters(each).map(({ name, value }): [string, NdArray] => [joined(path, name), value]),
    ...ownBuffers(path, each),
  ]);
}

// PyTorch counts the batches for a momentum of None, which this library does not have.
const COUNTER = /(^|\.)num_batches_tracked$/;

/**
 * Copies arrays over those with the same names. On an error, nothing is copied.
 *
 * @param owner what the error calls the owner of the arrays
 * @throws Error when a name is missing or unknown, ShapeError or DtypeError when an array does not fit
 */
export function loadArrays(
  own: readonly [name: string, value: NdArray][],
  dict: Readonly<StateDict>,
  owner: string,
): void {
  assertOptions('loadStateDict', dict);
  const known = new Set(own.map(([name]) => name));
  const unknown = Object.keys(dict).filter((key) => !known.has(key) && !COUNTER.test(key));
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

function childrenOf(layer: Layer): [name: string, layer: Layer][] {
  return layer instanceof Module ? layer.children() : [];
}

/** The parameters of a layer that do not belong to a layer inside it. */
function ownParameters(layer: Layer): Parameter[] {
  const inner = new Set(childrenOf(layer).flatMap(([, child]) => child.parameters()));
  return layer.parameters().filter((parameter) => !inner.has(parameter));
}

function ownBuffers(path: string, layer: Layer): [path: string, value: NdArray][] {
  const buffers = layer instanceof Module ? layer.buffers() : [];
  return buffers.map(([name, value]) => [joined(path, name), value]);
}

function joined(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
