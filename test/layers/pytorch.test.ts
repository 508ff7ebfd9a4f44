import { expect } from 'chai';
import { array, astype, type NdArray } from '../../src/index.js';
import { expectClose, scattered } from '../support/arrays.js';
import { layerOf } from '../support/fixed-layers.js';
import { layerFixtures } from '../support/fixtures.js';

describe('every layer equals PyTorch to 1e-10 in float64, forward and backward', () => {
  for (const fixture of layerFixtures) {
    it(fixture.name, () => {
      const layer = layerOf(fixture);
      expectClose(layer.forward(array(fixture.x, 'float64')), fixture.out, 1e-10, 'out');
      expectClose(layer.backward(array(fixture.dout, 'float64')), fixture.dx, 1e-10, 'dx');
      for (const { name, grad } of layer.parameters()) expectClose(grad, fixture.gradients[name], 1e-10, `d${name}`);
      const state = layer.stateDict();
      for (const [name, value] of Object.entries(fixture.buffersAfter ?? {}))
        expectClose(state[name], value, 1e-10, name);
    });
  }
});

describe('every layer gives for a transposed or scattered view what it gives for the copy', () => {
  for (const fixture of layerFixtures.filter(({ x }) => array(x).shape.length >= 2)) {
    it(fixture.name, () => {
      const layer = layerOf(fixture);
      expectClose(layer.forward(scattered(array(fixture.x, 'float64'))), fixture.out, 1e-10, 'out');
      expectClose(layer.backward(scattered(array(fixture.dout, 'float64'))), fixture.dx, 1e-10, 'dx');
      for (const { name, grad } of layer.parameters()) expectClose(grad, fixture.gradients[name], 1e-10, `d${name}`);
    });
  }
});

describe('every layer in float32 is within float32’s precision of PyTorch in float64', () => {
  // Rows around 10,000 keep too few digits in float32 for their differences to be compared.
  for (const fixture of layerFixtures.filter(({ name }) => !name.includes('10,000') && !name.includes('constant'))) {
    it(fixture.name, () => {
      const layer = layerOf(fixture, 'float32');
      const single = (x: typeof fixture.x): NdArray => astype(array(x, 'float64'), 'float32');
      expectClose(layer.forward(single(fixture.x)), fixture.out, 1e-5, 'out');
      expectClose(layer.backward(single(fixture.dout)), fixture.dx, 1e-5, 'dx');
      for (const { name, grad } of layer.parameters()) expectClose(grad, fixture.gradients[name], 1e-5, `d${name}`);
    });
  }
});

describe('a fixture of a layer that is not known', () => {
  it('is an error, not another layer', () => {
    const [fixture] = layerFixtures;
    expect(() => layerOf({ ...fixture, name: 'conv 3 × 3' })).to.throw(
      "layer-specs.ts cannot construct a layer named 'conv'",
    );
  });
});
