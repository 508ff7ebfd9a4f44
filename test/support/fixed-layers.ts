import { array, assign, type Dtype, type Module, type NdArray } from '../../src/index.js';
import { constructLayer } from '../../src/layer-specs.js';
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
  const { weight, gamma } = parameters;
  const [M, D] = weight ? array(weight).shape : [0, gamma ? array(gamma).size : 0];
  const { groups: G = 1, ...options } = settings;
  return constructLayer(layerNameOf(name), { D, M, G, bias: 'bias' in parameters, ...options, dtype });
}

/** The name of the layer of a fixture: `batch norm` of `batch norm in evaluation`. */
export function layerNameOf(fixture: string): string {
  return /^(\w+ norm|\w+)/.exec(fixture)?.[0] ?? fixture;
}

/** Sets every parameter to the given values. */
export function setParameters(layer: Module, values: Record<string, NdArray>): void {
  for (const [name, parameter] of layer.namedParameters()) assign(parameter.value, values[name]);
}
