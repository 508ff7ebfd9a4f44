import {
  array,
  assign,
  CrossEntropy,
  ELU,
  Linear,
  type NdArray,
  type Parameter,
  reshape,
  Sequential,
  SGD,
  Softmax,
} from 'handgrad';

/** All numbers that a reader can change. */
export interface Numbers {
  x: number[];
  targets: number[];
  weight1: number[][];
  bias1: number[];
  weight2: number[][];
  bias2: number[];
  learningRate: number;
}

/** The arrays of `Numbers` that have a gradient of their own. */
export type ArrayName = 'x' | 'weight1' | 'bias1' | 'weight2' | 'bias2';

/** One number of an array. */
export interface Place {
  array: ArrayName | 'targets';
  index: number[];
}

/** Everything that one forward and one backward pass compute, and the update after them. */
export interface Pass {
  z: number[];
  h: number[];
  s: number[];
  y: number[];
  loss: number;
  dy: number[];
  ds: number[];
  dh: number[];
  dz: number[];
  gradients: Record<ArrayName, number[] | number[][]>;
  /** The numbers after one step of SGD. */
  updated: Numbers;
  /** The loss of the same sample with the updated numbers. */
  nextLoss: number;
}

export const START: Numbers = {
  x: [1, 0.5],
  targets: [1, 0],
  weight1: [
    [0.4, -0.6],
    [-0.5, 0.3],
    [0.7, 0.2],
  ],
  bias1: [0.1, -0.2, 0],
  weight2: [
    [0.6, -0.4, -0.3],
    [-0.2, 0.5, 0.8],
  ],
  bias2: [0, 0.1],
  learningRate: 0.5,
};

const dtype = 'float64';

/** The layers of the net: 2 → 3, ELU, 3 → 2, softmax. */
function layersOf({ weight1, bias1, weight2, bias2 }: Numbers) {
  const linear1 = linear(2, 3, weight1, bias1);
  const linear2 = linear(3, 2, weight2, bias2);
  return { linear1, elu: new ELU(), linear2, softmax: new Softmax() };
}

function linear(inputs: number, outputs: number, weight: number[][], bias: number[]): Linear {
  const layer = new Linear(inputs, outputs, { dtype, init: () => array(weight, dtype) });
  if (layer.bias) assign(layer.bias.value, array(bias, dtype));
  return layer;
}

/** One sample forward and backward through the net, layer by layer, and one update. */
export function passThrough(numbers: Numbers): Pass {
  const { linear1, elu, linear2, softmax } = layersOf(numbers);
  const loss = new CrossEntropy();
  const z = linear1.forward(row(numbers.x)); // (1, 3)
  const h = elu.forward(z); // (1, 3)
  const s = linear2.forward(h); // (1, 2)
  const y = softmax.forward(s); // (1, 2)
  const value = loss.forward(y, row(numbers.targets));
  const dy = loss.backward(); // (1, 2)
  const ds = softmax.backward(dy); // (1, 2)
  const dh = linear2.backward(ds); // (1, 3)
  const dz = elu.backward(dh); // (1, 3)
  const dx = linear1.backward(dz); // (1, 2)
  const parameters = [...linear1.parameters(), ...linear2.parameters()];
  const [weight1, bias1, weight2, bias2] = parameters.map(({ grad }) => grad);
  const gradients = {
    x: vector(dx),
    weight1: matrix(weight1),
    bias1: vector(bias1),
    weight2: matrix(weight2),
    bias2: vector(bias2),
  };
  new SGD(parameters, { learningRate: numbers.learningRate }).step();
  const updated = { ...numbers, ...valuesOf(parameters) };
  const firstHalf = { z: vector(z), h: vector(h), s: vector(s), y: vector(y), loss: value };
  const secondHalf = { dy: vector(dy), ds: vector(ds), dh: vector(dh), dz: vector(dz), gradients };
  return { ...firstHalf, ...secondHalf, updated, nextLoss: lossOf(updated) };
}

/** The loss alone. */
export function lossOf(numbers: Numbers): number {
  const { linear1, elu, linear2, softmax } = layersOf(numbers);
  const net = new Sequential(linear1, elu, linear2, softmax);
  return new CrossEntropy().forward(net.forward(row(numbers.x)), row(numbers.targets));
}

/** Copies of the values of the four parameters, in the order of the layers. */
function valuesOf(parameters: readonly Parameter[]) {
  const [weight1, bias1, weight2, bias2] = parameters.map(({ value }) => value);
  return { weight1: matrix(weight1), bias1: vector(bias1), weight2: matrix(weight2), bias2: vector(bias2) };
}

/** The number at a place. */
export function numberAt(of: Pick<Numbers, Place['array']>, { array: name, index }: Place): number {
  const [i, j] = index;
  const value = of[name][i];
  return Array.isArray(value) ? value[j] : value;
}

/** The gradient at a place; targets have none. */
export function gradientAt({ gradients }: Pass, { array: name, index: [i, j] }: Place): number {
  if (name === 'targets') return Number.NaN;
  const value = gradients[name][i];
  return Array.isArray(value) ? value[j] : value;
}

/** A copy of the numbers with another value at one place. */
export function withNumber(numbers: Numbers, { array: name, index: [i, j] }: Place, value: number): Numbers {
  const copy = structuredClone(numbers);
  const inner = copy[name][i];
  if (Array.isArray(inner)) inner[j] = value;
  else copy[name][i] = value;
  return copy;
}

/** All places of an array. */
export function placesOf(numbers: Numbers, name: Place['array']): Place[] {
  return numbers[name].flatMap((inner: number | number[], i: number) =>
    Array.isArray(inner) ? inner.map((_, j) => ({ array: name, index: [i, j] })) : [{ array: name, index: [i] }],
  );
}

function row(values: readonly number[]): NdArray {
  return array([values.slice()], dtype); // (1, D)
}

function vector(values: NdArray): number[] {
  const flat = reshape(values, [-1]);
  return Array.from({ length: flat.shape[0] }, (_, i) => flat.get(i));
}

function matrix(values: NdArray): number[][] {
  return Array.from({ length: values.shape[0] }, (_, i) =>
    Array.from({ length: values.shape[1] }, (_, j) => values.get(i, j)),
  );
}
