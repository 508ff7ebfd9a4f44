import {
  array,
  assign,
  BatchNorm1d,
  type Dtype,
  ELU,
  GELU,
  GroupNorm,
  InstanceNorm,
  LayerNorm,
  Linear,
  type Module,
  type NdArray,
  ReLU,
  Softmax,
  Tanh,
} from '../../src/index.js';
import type { LayerFixture } from './fixtures.js';

/** The layer that a fixture is about, with the fixture's parameters. */
export function layerOf(fixture: LayerFixture, dtype: Dtype = 'float64'): Module {
  const layer = make(fixture, dtype);
  const dict = Object.entries({ ...fixture.parameters, ...fixture.buffers }).map(([name, value]): [string, NdArray] => [
    name,
    array(value, dtype),
  ]);
  layer.loadStateDict(Object.fromEntries(dict));
  if (fixture.evaluation) layer.eval();
  return layer;
}

function make({ name, settings, parameters }: LayerFixture, dtype: Dtype): Module {
  if (name.startsWith('linear')) {
    const { shape } = array(parameters.weight);
    return new Linear(shape[1], shape[0], { bias: 'bias' in parameters, dtype });
  }
  if (name.startsWith('elu')) return new ELU(settings);
  if (name.startsWith('gelu')) return new GELU();
  if (name.startsWith('relu')) return new ReLU();
  if (name.startsWith('tanh')) return new Tanh();
  if (name.startsWith('softmax')) return new Softmax();
  if (name.startsWith('batch norm')) return new BatchNorm1d(array(parameters.gamma).size, { ...settings, dtype });
  if (name.startsWith('group norm')) {
    return new GroupNorm(settings.groups ?? 1, array(parameters.gamma).size, { eps: settings.eps, dtype });
  }
  if (name.startsWith('instance norm')) return new InstanceNorm(array(parameters.gamma).size, { ...settings, dtype });
  if (name.startsWith('layer norm')) return new LayerNorm(array(parameters.gamma).size, { ...settings, dtype });
  throw new Error(`layerOf: no layer belongs to the fixture '${name}'`);
}

/** Sets every parameter to the given values. */
export function setParameters(layer: Module, values: Record<string, NdArray>): void {
  for (const [name, parameter] of layer.namedParameters()) assign(parameter.value, values[name]);
}
