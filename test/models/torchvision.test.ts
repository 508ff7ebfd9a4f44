import { expect } from 'chai';
import { Adam, DenseNet, type DenseNetOptions, oneHot, VGG, type VGGOptions } from '../../src/index.js';
import { pytorchName } from '../../src/layers/pytorch-names.js';
import type { Model } from '../../src/models/model.js';
import { expectClose } from '../support/arrays.js';
import {
  fillByFormula,
  formula,
  type ModelFixture,
  modelFixtures,
  type Probe,
  probeOf,
} from '../support/model-fixtures.js';

function netOf({ title, options, out }: ModelFixture): Model {
  const all = { ...options, classes: out[0].length, dtype: 'float64' };
  return title.startsWith('VGG') ? new VGG(all as VGGOptions) : new DenseNet(all as DenseNetOptions);
}

/** Sums of many elements add up their rounding. */
function expectProbe(found: Probe, expected: Probe, what: string): void {
  const tolerance = 1e-9 * Math.max(1, expected.largest);
  expect(found.elements.length).to.equal(4);
  for (const [i, element] of expected.elements.entries())
    expect(found.elements[i], `${what}, element ${i}`).to.be.closeTo(element, tolerance);
  for (const key of ['sum', 'weighted', 'largest'] as const)
    expect(found[key], `${what}, ${key}`).to.be.closeTo(expected[key], tolerance);
}

const fixtures = modelFixtures();

describe('nets of torchvision', function () {
  this.timeout(120_000);

  it('are VGG-11, 13, 16 and 19 with and without batch norm, a narrow DenseNet and DenseNet-121', () => {
    expect(fixtures.map(({ title }) => title)).to.deep.equal([
      ...[11, 13, 16, 19].flatMap((depth) => [`VGG-${depth} none`, `VGG-${depth} batch`]),
      'DenseNet narrow',
      'DenseNet-121',
    ]);
  });

  for (const fixture of fixtures) {
    const classes = fixture.out[0].length;

    it(`${fixture.title} has torchvision’s names, shapes, outputs, gradients and running statistics, to 1e-9`, () => {
      const net = netOf(fixture);
      fillByFormula(net);
      const named = net.namedParameters().map(([path, { value }]) => [pytorchName(path), value.shape]);
      expect(Object.fromEntries(named)).to.deep.equal(fixture.names);
      expect(named.map(([name]) => name)).to.deep.equal(Object.keys(fixture.names));
      const x = formula(fixture.x, 1);
      expectClose(net.forward(x), fixture.out, 1e-9, 'outputs');
      expectProbe(probeOf(net.backward(formula([fixture.x[0], classes], 5)), 0), fixture.dx, 'dx');
      for (const [k, [path, { grad }]] of net.namedParameters().entries())
        expectProbe(probeOf(grad, k), fixture.gradients[pytorchName(path)], path);
      const buffers = net.namedBuffers();
      expect(buffers.map(([path]) => pytorchName(path))).to.deep.equal(Object.keys(fixture.buffers));
      for (const [path, value] of buffers) expectProbe(probeOf(value, 3), fixture.buffers[pytorchName(path)], path);
      net.eval();
      expectClose(net.forward(x), fixture.evaluation, 1e-9, 'outputs in evaluation');
    });

    if (!fixture.losses) continue;
    it(`${fixture.title} has PyTorch’s loss in each of ten steps of Adam, to 1e-9`, () => {
      const net = netOf(fixture);
      fillByFormula(net);
      // The running statistics play no part in training.
      const size = fixture.title.startsWith('VGG') ? 32 : 40;
      const optimizer = new Adam(net.parameters(), { learningRate: 1e-3 });
      const loss = net.loss();
      const losses = Array.from({ length: 10 }, (_, step) => {
        const targets = oneHot(
          [0, 1, 2, 3].map((n) => (n * (step + 1)) % classes),
          classes,
          'float64',
        );
        const value = loss.forward(net.forward(formula([4, 3, size, size], 50 + step)), targets);
        optimizer.zeroGrad();
        net.accumulateGradients(loss.backward());
        optimizer.step();
        return value;
      });
      for (const [step, value] of losses.entries())
        expect(value, `step ${step}`).to.be.closeTo(fixture.losses?.[step] ?? Number.NaN, 1e-9);
    });
  }
});
