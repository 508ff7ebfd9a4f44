import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  array,
  CrossEntropy,
  type Nested,
  oneHot,
  Softmax,
  SoftmaxCrossEntropy,
  smoothLabels,
  toNested,
  zeros,
} from '../../src/index.js';
import { expectClose, scattered } from '../support/arrays.js';
import { fixturePath } from '../support/fixtures.js';

/** A loss with label smoothing by PyTorch; see test/fixtures/make_optim_fixtures.py. */
interface SmoothedFixture {
  smoothing: number;
  x: Nested;
  targets: Nested;
  loss: number;
  dx: Nested;
}

const { smoothed }: { smoothed: SmoothedFixture[] } = JSON.parse(readFileSync(fixturePath('optim.json'), 'utf8'));

describe('smoothLabels', () => {
  for (const { smoothing, x, targets, loss: expected, dx } of smoothed) {
    it(`makes either cross-entropy equal PyTorch's with label_smoothing ${smoothing} to 1e-10, value and gradient`, () => {
      const [logits, rows] = [array(x, 'float64'), smoothLabels(array(targets, 'float64'), smoothing)];
      const [softmax, plain, fused] = [new Softmax(), new CrossEntropy(), new SoftmaxCrossEntropy()];
      expect(fused.forward(logits, rows)).to.be.closeTo(expected, 1e-10);
      expectClose(fused.backward(), dx, 1e-10);
      expect(plain.forward(softmax.forward(logits), rows)).to.be.closeTo(expected, 1e-10);
      expectClose(softmax.backward(plain.backward()), dx, 1e-10);
    });
  }

  it('spreads its share over all classes, in fresh memory', () => {
    const targets = oneHot([2, 0], 4, 'float64');
    expectClose(
      smoothLabels(targets, 0.2),
      [
        [0.05, 0.05, 0.85, 0.05],
        [0.85, 0.05, 0.05, 0.05],
      ],
      1e-15,
    );
    expect(toNested(targets)).to.deep.equal(toNested(oneHot([2, 0], 4, 'float64')));
    expect(toNested(smoothLabels(scattered(targets), 0))).to.deep.equal(toNested(targets));
  });

  it('refuses a smoothing out of range, and targets that are no rows', () => {
    expect(() => smoothLabels(zeros([2, 3]), 1)).to.throw('expected smoothing to be from 0 to below 1, got 1');
    expect(() => smoothLabels(zeros([3]), 0.1)).to.throw('smoothLabels: expected targets of shape (N, C), got (3,)');
  });
});
