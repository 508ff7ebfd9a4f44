import { expect } from 'chai';
import {
  array,
  astype,
  CrossEntropy,
  type Loss,
  MSELoss,
  NonFiniteError,
  oneHot,
  Softmax,
  SoftmaxCrossEntropy,
  toNested,
  zeros,
} from '../../src/index.js';
import { expectClose, normal, scattered } from '../support/arrays.js';
import { lossFixtures } from '../support/fixtures.js';

const dtype = 'float64';
const LOSSES: Record<string, () => Loss> = {
  'softmax-cross-entropy': () => new SoftmaxCrossEntropy(),
  'cross-entropy': () => new CrossEntropy(),
  mse: () => new MSELoss(),
};

function lossOf(name: string): Loss {
  const make = LOSSES[name.split(' ')[0]];
  if (!make) throw new Error(`there is no loss for the fixture ${name}`);
  return make();
}

describe('every loss equals PyTorch to 1e-10 in float64, value and gradient', () => {
  for (const { name, x, targets, loss: expected, dx } of lossFixtures) {
    it(name, () => {
      const loss = lossOf(name);
      const value = loss.forward(array(x, dtype), array(targets, dtype));
      expect(value).to.be.closeTo(expected, 1e-10 * Math.max(1, Math.abs(expected)));
      expectClose(loss.backward(), dx, 1e-10, 'dx');
    });
  }
});

const targets = oneHot([2, 0, 1], 4, dtype);
const probs = () => new Softmax().forward(normal([3, 4], 1));

for (const [name, make, input] of [
  ['CrossEntropy', () => new CrossEntropy(), probs],
  ['SoftmaxCrossEntropy', () => new SoftmaxCrossEntropy(), () => normal([3, 4], 1)],
] as [string, () => Loss, typeof probs][]) {
  describe(`${name} keeps the contract of a loss`, () => {
    it('changes neither outputs nor targets, and reads views as their copies', () => {
      const [x, t] = [input(), oneHot([2, 0, 1], 4, dtype)];
      const loss = make();
      const value = loss.forward(x, t);
      const dx = loss.backward();
      expect(toNested(x)).to.deep.equal(toNested(input()));
      expect(toNested(t)).to.deep.equal(toNested(targets));
      const other = make();
      expect(other.forward(scattered(x), scattered(t))).to.equal(value);
      expect(toNested(other.backward())).to.deep.equal(toNested(dx));
    });

    it('refuses a backward before any forward, wrong shapes and wrong dtypes', () => {
      expect(() => make().backward()).to.throw(`${name}.backward: call forward first`);
      expect(() => make().forward(input(), zeros([3, 5], dtype))).to.throw(
        `${name}.forward: expected targets of shape (3, 4), got (3, 5)`,
      );
      expect(() => make().forward(zeros([0, 4], dtype), zeros([0, 4], dtype))).to.throw(
        /of shape \(N, C\) with N, C ≥ 1, got \(0, 4\)/,
      );
      expect(() => make().forward(zeros([4], dtype), zeros([4], dtype))).to.throw(/of shape \(N, C\), got \(4,\)/);
      expect(() => make().forward(input(), astype(targets, 'float32'))).to.throw(
        'expected targets of dtype float64, got float32',
      );
      expect(() => make().forward(input(), [2, 0, 1] as never)).to.throw(
        'expected targets to be an ndarray, got a JavaScript array',
      );
    });

    it('refuses rows of targets that are no distribution', () => {
      expect(() => make().forward(input(), zeros([3, 4], dtype))).to.throw(
        'expected rows of targets that sum to 1 (one-hot), but row 0 sums to 0',
      );
      const broken = oneHot([2, 0, 1], 4, dtype);
      broken.set(0, 0, -1);
      broken.set(0, 1, 1);
      expect(() => make().forward(input(), broken)).to.throw('expected targets from 0 up (one-hot)');
      broken.set(0, 0, 0);
      broken.set(0, 1, 0);
      broken.set(1, 1, Number.NaN);
      expect(() => make().forward(input(), broken)).to.throw('row 1 sums to NaN');
    });

    it('throws when the loss is not finite', () => {
      const x = input();
      x.set(1, 0, Number.NaN);
      expect(() => make().forward(x, targets)).to.throw(NonFiniteError, `${name}.forward: the loss is NaN`);
    });
  });
}

describe('CrossEntropy', () => {
  it('computes an example worked by hand', () => {
    const loss = new CrossEntropy();
    const x = array(
      [
        [0.5, 0.5],
        [0.25, 0.75],
      ],
      dtype,
    );
    expect(loss.forward(x, oneHot([0, 0], 2, dtype))).to.be.closeTo((Math.log(2) + Math.log(4)) / 2, 1e-15);
    expect(toNested(loss.backward())).to.deep.equal([
      [-1, -0],
      [-2, -0],
    ]);
  });

  it('stays finite, forward and backward, where a probability has underflowed to 0', () => {
    for (const kind of ['float32', 'float64'] as const) {
      const loss = new CrossEntropy();
      expect(loss.forward(array([[0, 1]], kind), oneHot([0], 2, kind))).to.be.within(87, 709);
      expect([...loss.backward().data].every(Number.isFinite)).to.equal(true);
    }
  });

  it('refuses what are no probabilities, as logits are likely to be', () => {
    const scores = array([[5, 2]], dtype);
    expect(() => new CrossEntropy().forward(scores, oneHot([0], 2, dtype))).to.throw('expected probabilities, got 5');
    expect(() => new CrossEntropy().forward(array([[-0.5, 1.5]], dtype), oneHot([1], 2, dtype))).to.throw(
      'CrossEntropy.forward: expected probabilities, got 1.5; put a Softmax before this loss',
    );
    expect(() => new CrossEntropy().forward(array([[-0.5, 1]], dtype), oneHot([1], 2, dtype))).to.throw('got -0.5');
  });
});

describe('SoftmaxCrossEntropy', () => {
  it('computes an example worked by hand', () => {
    const loss = new SoftmaxCrossEntropy();
    expect(loss.forward(array([[0, Math.log(3)]], dtype), oneHot([0], 2, dtype))).to.be.closeTo(Math.log(4), 1e-15);
    expectClose(loss.backward(), [[-3 / 4, 3 / 4]], 1e-15);
  });

  it('is softmax and cross-entropy composed', () => {
    const logits = normal([3, 4], 5);
    const [softmax, crossEntropy, fused] = [new Softmax(), new CrossEntropy(), new SoftmaxCrossEntropy()];
    expect(fused.forward(logits, targets)).to.be.closeTo(crossEntropy.forward(softmax.forward(logits), targets), 1e-14);
    expectClose(fused.backward(), softmax.backward(crossEntropy.backward()), 1e-14);
  });

  it('shifts each row by its own maximum, so that a row of large logits leaves the others as they are', () => {
    const loss = new SoftmaxCrossEntropy();
    const logits = array([
      [1000, 1000],
      [0, 0],
      [-1000, -1000],
    ]);
    expect(loss.forward(logits, oneHot([0, 1, 0], 2))).to.be.closeTo(Math.LN2, 1e-6);
  });

  it('keeps the gradient of a confident mistake, which the two in turn lose', () => {
    const logits = array([[1000, -1000]], dtype);
    const wrong = oneHot([1], 2, dtype);
    const fused = new SoftmaxCrossEntropy();
    expect(fused.forward(logits, wrong)).to.equal(2000);
    expect(toNested(fused.backward())).to.deep.equal([[1, -1]]);
  });
});

describe('MSELoss', () => {
  it('is the mean of the squared differences: an example by hand', () => {
    const loss = new MSELoss();
    const outputs = array([
      [1, 2, 3],
      [0, -1, 4],
    ]);
    expect(loss.forward(outputs, zeros([2, 3]))).to.be.closeTo((1 + 4 + 9 + 0 + 1 + 16) / 6, 1e-6);
    expectClose(
      loss.backward(),
      [
        [1 / 3, 2 / 3, 1],
        [0, -1 / 3, 4 / 3],
      ],
      1e-6,
      'dx',
    );
  });

  it('takes a batch of one, views, and float32; it changes neither argument', () => {
    const [x, t] = [normal([3, 5], 1), normal([3, 5], 2)];
    const [whole, views] = [new MSELoss(), new MSELoss()];
    const value = whole.forward(x, t);
    expect(views.forward(scattered(x), scattered(t))).to.equal(value);
    expect(toNested(views.backward())).to.deep.equal(toNested(whole.backward()));
    expect(toNested(x)).to.deep.equal(toNested(normal([3, 5], 1)));
    expect(toNested(t)).to.deep.equal(toNested(normal([3, 5], 2)));
    const single = new MSELoss();
    expect(single.forward(array([[2]], 'float32'), array([[5]], 'float32'))).to.equal(9);
    expect(single.backward().dtype).to.equal('float32');
  });

  it('refuses a backward before any forward, wrong shapes and dtypes, and a loss that is not finite', () => {
    expect(() => new MSELoss().backward()).to.throw('MSELoss.backward: call forward first');
    expect(() => new MSELoss().forward(zeros([3, 2]), zeros([3]))).to.throw(
      'MSELoss.forward: expected targets of shape (3, 2), got (3,)',
    );
    expect(() => new MSELoss().forward(zeros([2], 'float32'), zeros([2], 'float64'))).to.throw('dtype');
    expect(() => new MSELoss().forward(zeros([0, 2]), zeros([0, 2]))).to.throw('MSELoss.forward');
    expect(() => new MSELoss().forward(array([Infinity]), zeros([1]))).to.throw(NonFiniteError);
  });
});
