import { expect } from 'chai';
import { array, Flatten, toNested } from '../../src/index.js';
import { normal } from '../support/arrays.js';

describe('Flatten', () => {
  it('makes a row of every sample, channel by channel, and the gradient an image again', () => {
    const layer = new Flatten();
    const x = array(
      [
        [
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
        ],
      ],
      'float64',
    );
    expect(toNested(layer.forward(x))).to.deep.equal([[1, 2, 3, 4, 5, 6, 7, 8]]);
    expect(toNested(layer.backward(array([[1, 2, 3, 4, 5, 6, 7, 8]], 'float64')))).to.deep.equal(toNested(x));
  });

  it('takes samples of any shape', () => {
    const layer = new Flatten();
    expect(layer.forward(normal([3], 1)).shape).to.deep.equal([3, 1]);
    expect(layer.backward(normal([3, 1], 1)).shape).to.deep.equal([3]);
    expect(layer.forward(normal([3, 2, 4], 1)).shape).to.deep.equal([3, 8]);
  });
});
