import { expect } from 'chai';
import {
  array,
  Linear,
  MLP,
  MSELoss,
  oneHot,
  Random,
  ReLU,
  Sequential,
  SGD,
  SoftmaxCrossEntropy,
} from '../../src/index.js';
import { CrossEntropy } from '../../src/losses/cross-entropy.js';
import { arraySource, Trainer } from '../../src/node.js';
import { diagnoseNet, isAtChance } from '../../src/training/diagnose-net.js';
import { normal } from '../support/arrays.js';

const x = normal([60, 4], 1, 'float32');
for (let n = 0; n < 60; n++) x.set(n, n % 3, x.get(n, n % 3) + 4);
const targets = oneHot(
  Array.from({ length: 60 }, (_, n) => n % 3),
  3,
);
const batch = { x, targets };

/** The warnings of a training run. */
async function warnings(net: Sequential, options: object = {}): Promise<string[]> {
  const heard: string[] = [];
  const source = arraySource(x, targets);
  const trainer = new Trainer({
    model: net,
    loss: net instanceof MLP ? net.loss() : new SoftmaxCrossEntropy(),
    optimizer: new SGD(net.parameters(), { learningRate: 1e-2 }),
    train: source,
    test: source,
    batchSize: 20,
    maxSteps: 120,
    evalEvery: 30,
    rng: new Random(3),
    onWarning: (sentence) => heard.push(sentence),
    ...options,
  });
  await trainer.fit();
  return heard;
}

const deep = (init: 'normal:1e-4' | 'auto') => new MLP({ inputs: 4, hidden: [6, 5], classes: 3, init });

describe('the warning of a net that does not learn', () => {
  it('comes once, and names the layer in which activations vanish', async () => {
    const heard = await warnings(deep('normal:1e-4'));
    expect(heard).to.have.lengthOf(1);
    expect(heard[0]).to.match(
      /^warning: after 60 steps, the loss is still 1\.098\d and the accuracy 0\.\d{4}, those of a guess: activations vanish in layer 0 Linear 4 → 6: /,
    );
  });

  it('does not come for the default initialization, nor before 50 steps', async () => {
    expect(await warnings(deep('auto'))).to.deep.equal([]);
    expect(await warnings(deep('normal:1e-4'), { maxSteps: 49 })).to.deep.equal([]);
  });

  it('does not come while a warm-up has only begun', async () => {
    expect(await warnings(deep('normal:1e-4'), { schedule: () => 0.1 })).to.deep.equal([]);
  });
});

describe('isAtChance', () => {
  const entry = { trainLoss: 2.3, testLoss: 2.31, testAccuracy: 0.105 };
  const even = { confusion: Array.from({ length: 10 }, () => [1000, ...Array<number>(9).fill(0)]) };

  it('is true within 1 % of ln C and three standard deviations of 1 / C, and false beyond either', () => {
    const loss = new CrossEntropy();
    expect(isAtChance(loss, entry, even)).to.equal(true);
    for (const change of [{ trainLoss: 2.27 }, { testLoss: 2.27 }, { testLoss: 2.34 }, { testAccuracy: 0.11 }])
      expect(isAtChance(loss, { ...entry, ...change }, even), JSON.stringify(change)).to.equal(false);
  });

  it('takes the entropy and the largest share of classes of different sizes', () => {
    const uneven = {
      confusion: [
        [900, 0],
        [100, 0],
      ],
    };
    const guess = { trainLoss: 0.325, testLoss: 0.325, testAccuracy: 0.9 };
    expect(isAtChance(new SoftmaxCrossEntropy(), guess, uneven)).to.equal(true);
    expect(isAtChance(new SoftmaxCrossEntropy(), { ...guess, testLoss: Math.LN2 }, uneven)).to.equal(false);
  });

  it('allows an accuracy of three standard deviations above the largest share: an example worked by hand', () => {
    // Shares of 0.8 and 0.2 in 400 samples: the noise is 3 √(0.8 · 0.2 / 400) = 0.06. A class without samples does not count.
    const three = {
      confusion: [
        [300, 20, 0],
        [80, 0, 0],
        [0, 0, 0],
      ],
    };
    const entropy = -(0.8 * Math.log(0.8) + 0.2 * Math.log(0.2));
    const guess = { trainLoss: entropy, testLoss: entropy };
    const loss = new CrossEntropy();
    expect(isAtChance(loss, { ...guess, testAccuracy: 0.859 }, three)).to.equal(true);
    expect(isAtChance(loss, { ...guess, testAccuracy: 0.861 }, three)).to.equal(false);
    expect(isAtChance(loss, guess, three)).to.equal(true); // an accuracy that is not given
    for (const factor of [0.992, 1.008])
      expect(isAtChance(loss, { ...guess, trainLoss: factor * entropy }, three), String(factor)).to.equal(true);
    for (const factor of [0.988, 1.012])
      expect(isAtChance(loss, { ...guess, trainLoss: factor * entropy }, three), String(factor)).to.equal(false);
  });

  it('of a regression takes R², within 1 % of that of the mean target', () => {
    const guess = { trainLoss: 1, testLoss: 1 };
    for (const [testR2, expected] of [
      [0.009, true],
      [-0.009, true],
      [0.01, true],
      [0.011, false],
      [-0.011, false],
      [undefined, false],
    ] as const)
      expect(isAtChance(new MSELoss(), { ...guess, testR2 }, {}), String(testR2)).to.equal(expected);
  });

  it('is false for a loss that it does not know', () => {
    const loss = { forward: () => 1, backward: () => x };
    expect(isAtChance(loss, { trainLoss: 0, testLoss: 0, testR2: 0 }, even)).to.equal(false);
  });
});

describe('diagnoseNet', () => {
  const loss = new SoftmaxCrossEntropy();
  const linear = (D: number, M: number, std: number) =>
    new Linear(D, M, { init: `normal:${std}`, rng: new Random(D + M) });

  it('names the first layer after which nothing differs, such as a dead ReLU', () => {
    const first = linear(4, 6, 1);
    const net = new Sequential(first, new ReLU(), linear(6, 3, 1));
    expect(diagnoseNet(net, loss, batch)).to.include('do not vanish');
    for (let m = 0; m < 6; m++) first.bias?.value.set(m, -100);
    expect(diagnoseNet(net, loss, batch)).to.match(/^activations vanish in layer 1 ReLU: .*0\.0e\+0/);
  });

  it('names the last layer whose gradient vanishes', () => {
    const net = new Sequential(linear(4, 6, 1), linear(6, 5, 1), linear(5, 3, 1e-9));
    expect(diagnoseNet(net, loss, batch)).to.match(/^gradients vanish in layer 1 Linear 6 → 5: /);
  });

  it('calls a gradient vanished at 1e-4 of the longest, and not above', () => {
    // The second weight is so small that the gradient of the first is about as short.
    const shorter = (std: number) => new Sequential(linear(4, 6, 1), linear(6, 3, std));
    expect(diagnoseNet(shorter(1e-5), loss, batch)).to.match(
      /^gradients vanish in layer 0 Linear 4 → 6: the gradient of its weights has the length \d/,
    );
    expect(diagnoseNet(shorter(1e-2), loss, batch)).to.include('do not vanish');
  });

  it('finds nothing in a net without weights, and ignores what comes after the last weights', () => {
    expect(
      diagnoseNet(new Sequential(new ReLU()), new SoftmaxCrossEntropy(), {
        x,
        targets: oneHot(Array<number>(60).fill(3), 4),
      }),
    ).to.include('do not vanish');
    const last = linear(4, 3, 1e-9); // its outputs hardly differ, and it is the last one with weights
    expect(diagnoseNet(new Sequential(last, new ReLU()), loss, batch)).not.to.match(/^activations vanish/);
  });

  it('leaves the gradients as they were, and the net in training mode', () => {
    const net = new Sequential(linear(4, 3, 1));
    net.parameters()[0].grad.set(1, 2, 7);
    net.eval();
    diagnoseNet(net, loss, batch);
    expect(net.parameters()[0].grad.get(1, 2)).to.equal(7);
  });

  it('says when the inputs themselves hardly differ', () => {
    const same = {
      x: array(
        [
          [1, 2, 3, 4],
          [1, 2, 3, 4],
        ],
        undefined,
        'float32',
      ),
      targets: oneHot([0, 1], 3),
    };
    expect(diagnoseNet(deep('auto'), new CrossEntropy(), same)).to.match(/^the inputs hardly differ/);
  });
});
