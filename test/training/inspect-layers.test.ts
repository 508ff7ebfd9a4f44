import { expect } from 'chai';
import {
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

  it('names every layer, and gives its output and the length of its weights’ gradient', () => {
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

  it('leaves gradients, running statistics and masks as they were', () => {
    for (const { grad } of net.parameters()) grad.data.fill(7);
    const before = JSON.stringify([Object.values(net.stateDict()).map(toNested), rng.state()]);
    inspectLayers(net, new SoftmaxCrossEntropy(), batch);
    expect(JSON.stringify([Object.values(net.stateDict()).map(toNested), rng.state()])).to.equal(before);
    for (const { grad } of net.parameters()) expect([...grad.data].every((value) => value === 7)).to.equal(true);
  });
});
