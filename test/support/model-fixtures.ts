import { array, copy, type NdArray, type Shape } from '../../src/index.js';
import type { Model } from '../../src/models/model.js';
import { fixtureText } from './fixtures.js';

/** What a fixture has of an array: two sums and some elements. */
export interface Probe {
  sum: number;
  weighted: number;
  largest: number;
  elements: number[];
}

/** A net of torchvision; see make_model_fixtures.py. */
export interface ModelFixture {
  title: string;
  options: Record<string, unknown>;
  /** The shape of the inputs. */
  x: number[];
  out: number[][];
  dx: Probe;
  parameterCount: number;
  /** The shape of each parameter by torchvision's name. */
  names: Record<string, number[]>;
  gradients: Record<string, Probe>;
  /** The running statistics after one forward in training. */
  buffers: Record<string, Probe>;
  evaluation: number[][];
  /** The losses of ten steps of Adam. */
  losses?: number[];
}

/** The cases of models.json by title. */
export function modelFixtures(): ModelFixture[] {
  return JSON.parse(fixtureText('models.json'));
}

/** Numbers from −1 to 1 that depend on nothing but the shape and k, as in make_model_fixtures.py. */
export function formula(shape: Shape, k: number): NdArray {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float64Array.from(
    { length: size },
    (_, i) => (((i * 40503 + ((i * i) % 1009) * 31 + k * 9973) % 2003) - 1001) / 1001,
  );
  return array(values, [...shape]);
}

/** What the fixture has of an array, of an array of ours. */
export function probeOf(x: NdArray, k: number): Probe {
  const values = Float64Array.from(copy(x).data);
  const weights = formula([values.length], k + 1).data;
  const last = values.length - 1;
  return {
    sum: values.reduce((total, value) => total + value, 0),
    weighted: values.reduce((total, value, i) => total + value * weights[i], 0),
    largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    elements: [0, Math.floor(last / 3), Math.floor(last / 2), last].map((i) => values[i]),
  };
}

/** Sets every parameter of a net by the formula, as the script does. */
export function fillByFormula(net: Model): void {
  for (const [k, { name, value }] of net.parameters().entries()) {
    const scale = value.shape.length > 1 ? Math.sqrt(6 / (value.size / value.shape[0])) : 0.2;
    const shift = name === 'gamma' ? 1 : 0;
    value.data.set(formula(value.shape, k).data.map((each) => shift + scale * each));
  }
}
