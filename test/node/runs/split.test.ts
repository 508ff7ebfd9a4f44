import { expect } from 'chai';
import { splitOf, testName } from '../../../src/node/runs/split.js';
import { ImageSet } from '../../../src/node.js';

const shape = { channels: 1, height: 1, width: 2 };

/** Images whose two pixels are 10 times and 10 times plus 1 their number, labeled with their number, in blocks as files have them. */
function numbered(...sizes: number[]): ImageSet {
  let next = 0;
  const blocks = sizes.map((size) => {
    const bytes = new Uint8Array(size * 3);
    const labels = new Uint8Array(size);
    for (let i = 0; i < size; i++, next++) {
      bytes.set([next, 10 * next, 10 * next + 1], 3 * i);
      labels[i] = next;
    }
    return { bytes, first: 1, stride: 3, labels };
  });
  return new ImageSet(blocks, shape, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']);
}

const labels = (set: ImageSet) => Array.from({ length: set.count }, (_, i) => set.label(i));

describe('ImageSet.slice', () => {
  it('has the images from start to before end, across blocks, in the same memory', () => {
    const whole = numbered(3, 4, 2);
    for (let start = 0; start <= 9; start++) {
      for (let end = start; end <= 9; end++) {
        const part = whole.slice(start, end);
        expect(labels(part)).to.deep.equal(labels(whole).slice(start, end));
        for (let i = 0; i < part.count; i++) {
          expect([...part.image(i)]).to.deep.equal([10 * (start + i), 10 * (start + i) + 1]);
          expect(part.image(i).buffer).to.equal(whole.image(start + i).buffer);
        }
      }
    }
  });
});

describe('splitOf', () => {
  const data = { train: numbered(3, 4), test: numbered(2) };

  it('is the training images and the test set if nothing is held out', () => {
    const { train, test } = splitOf({ validation: 0 }, data);
    expect([train, test]).to.deep.equal([data.train, data.test]);
    expect(testName({ validation: 0 })).to.equal('test');
  });

  it('holds out the last training images, and does not use the test set', () => {
    const { train, test } = splitOf({ validation: 2 }, data);
    expect([labels(train as ImageSet), labels(test as ImageSet)]).to.deep.equal([
      [0, 1, 2, 3, 4],
      [5, 6],
    ]);
    expect(testName({ validation: 2 })).to.equal('validation');
  });

  it('refuses to hold out all images', () => {
    expect(() => splitOf({ validation: 7 }, data)).to.throw('--validation 7 leaves nothing of the 7 training images');
  });
});
