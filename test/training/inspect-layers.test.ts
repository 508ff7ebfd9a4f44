import { expect } from 'chai';
import {
  array,
  BatchNorm1d,
  Dropout,
  ELU,
  Linear,
  oneHot,
  Random,
  Sequential,
  SoftmaxCrossEntropy,
  toNested,
} from '../../src/index.js';
import { inspectLayers } from '../../src/node.js';
import { firstNonFinite } from '../../src/training/first-non-finite.js';
import { normBesideLinear } from '../support/two-branches.js';

describe('inspectLayers', () => {
  const rng = new Random(1);
  const net = new Sequential(
    new Linear(5, 4, { init: 'normal:1', rng }),
    new BatchNorm1d(4),
    new ELU(),
    new Dropout(0.5, { rng }),
    new Linear(4, 3, { init: 'normal:1', rng }),
  );
  const batch = { x: rng.normal([6, 5]), targets: oneHot([0, 1, 2, 0, 1, 2], 3) };

  it('names every layer, with its output and the norm of its weights’ gradient', () => {
    const inspections = inspectLayers(net, new SoftmaxCrossEntropy(), batch);
    expect(inspections.map(({ name }) => name)).to.deep.equal([
      '0 Linear 5 → 4',
      '1 BatchNorm1d',
      '2 ELU',
      '3 Dropout',
      '4 Linear 4 → 3',
    ]);
    expect(inspections.map(({ out }) => out.shape)).to.deep.equal([
      [6, 4],
      [6, 4],
      [6, 4],
      [6, 4],
      [6, 3],
    ]);
    expect(inspections.map(({ weightNorm }) => weightNorm !== undefined && weightNorm > 0)).to.deep.equal([
      true,
      false,
      false,
      false,
      true,
    ]);
  });

  it('does not change gradients, running statistics and masks', () => {
    for (const { grad } of net.parameters()) grad.data.fill(7);
    const before = JSON.stringify([Object.values(net.stateDict()).map(toNested), rng.state()]);
    inspectLayers(net, new SoftmaxCrossEntropy(), batch);
    expect(JSON.stringify([Object.values(net.stateDict()).map(toNested), rng.state()])).to.equal(before);
    for (const { grad } of net.parameters()) expect([...grad.data].every((value) => value === 7)).to.equal(true);
  });
});

describe('a container that declares its children', () => {
  const net = new Sequential(normBesideLinear(3, 'float32'), new ELU());
  const rng = new Random(4);

  it('is inspected, layer by layer', () => {
    const batch = { x: rng.normal([6, 3]), targets: oneHot([0, 1, 2, 0, 1, 2], 3) };
    const inspections = inspectLayers(net, new SoftmaxCrossEntropy(), batch);
    expect(inspections.map(({ name }) => name)).to.deep.equal(['0.left BatchNorm1d', '0.right Linear 3 → 3', '1 ELU']);
    expect(inspections[1].weightNorm).to.be.greaterThan(0);
    expect(Object.keys(net.layers[1])).not.to.include('forward');
  });

  it('names the inner layer with the first number that is not finite', () => {
    const x = rng.normal([6, 3]);
    expect(firstNonFinite(net, x)).to.equal('every layer gives finite outputs, but the loss is not finite');
    const [, weight] = net.namedParameters().find(([path]) => path.endsWith('right.weight')) ?? [];
    weight?.value.set(0, 0, Number.NaN);
    expect(firstNonFinite(net, x)).to.equal('the first layer whose output is not finite is layers.0.right (Linear)');
    x.set(0, 0, Number.POSITIVE_INFINITY);
    expect(firstNonFinite(net, x)).to.equal('the batch itself is not finite');
  });

  it('measures a gradient of known norm', () => {
    const linear = new Linear(2, 2, { init: 'zeros' });
    const batch = { x: array([[3, 4]]), targets: array([[1, 0]]) };
    const [{ weightNorm }] = inspectLayers(new Sequential(linear), new SoftmaxCrossEntropy(), batch);
    // dL/dW has the rows −x/2 and x/2, of length 2.5 each.
    expect(weightNorm).to.be.closeTo(2.5 * Math.SQRT2, 1e-6);
  });
});
