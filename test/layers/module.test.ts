import { expect } from 'chai';
import { checkLayer, copy, Random, Sequential, toNested, walkLayers } from '../../src/index.js';
import { normal } from '../support/arrays.js';
import { normBesideLinear } from '../support/two-branches.js';

describe('a container that declares its children', () => {
  it('finds its parameters and buffers by path, in the order of its children', () => {
    const net = new Sequential(normBesideLinear(3), normBesideLinear(3));
    const branch = (k: number) => [
      ...['gamma', 'beta', 'runningMean', 'runningVar'].map((name) => `layers.${k}.left.${name}`),
      ...['weight', 'bias'].map((name) => `layers.${k}.right.${name}`),
    ];
    expect(Object.keys(net.stateDict())).to.deep.equal([...branch(0), ...branch(1)]);
    expect(net.namedBuffers().map(([path]) => path)).to.deep.equal(
      [...branch(0), ...branch(1)].filter((path) => path.includes('running')),
    );
    expect(net.namedParameters().map(([, parameter]) => parameter)).to.deep.equal(net.parameters());
    expect(net.parameters()).to.have.length(8);
  });

  it('passes on its mode to the layers inside', () => {
    const net = new Sequential(normBesideLinear(3));
    const x = normal([4, 3], 1);
    net.forward(x);
    const moved = copy(net.stateDict()['layers.0.left.runningMean']);
    net.eval();
    net.forward(x);
    expect(toNested(net.stateDict()['layers.0.left.runningMean'])).to.deep.equal(toNested(moved));
    net.train();
    net.forward(x);
    expect(toNested(net.stateDict()['layers.0.left.runningMean'])).not.to.deep.equal(toNested(moved));
  });

  it('saves and loads its state, running statistics included', () => {
    const [trained, fresh] = [normBesideLinear(3), normBesideLinear(3)];
    trained.forward(normal([4, 3], 1));
    fresh.loadStateDict(trained.stateDict());
    for (const net of [trained, fresh]) net.eval();
    const x = normal([2, 3], 2);
    expect(toNested(fresh.forward(x))).to.deep.equal(toNested(trained.forward(x)));
  });

  it('passes a gradient check of every array inside', () => {
    const report = checkLayer(normBesideLinear(3), new Random(1).normal([5, 3], { dtype: 'float64' }));
    expect(String(report)).to.match(/left\.gamma[\s\S]*left\.beta[\s\S]*right\.weight[\s\S]*right\.bias/);
    expect(report.passed).equals(true);
  });
});

describe('walkLayers', () => {
  it('visits every layer, a container before its children', () => {
    const net = new Sequential(normBesideLinear(3));
    expect([...walkLayers(net)].map(([path, layer]) => `${path} ${layer.constructor.name}`)).to.deep.equal([
      ' Sequential',
      'layers.0 TwoBranches',
      'layers.0.left BatchNorm1d',
      'layers.0.right Linear',
    ]);
  });
});
