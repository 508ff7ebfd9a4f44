import { expect } from 'chai';
import { full, zeros } from '../../../src/array/index.js';
import { fitPicture } from '../../../src/data/picture.js';
import { ImageChanges } from '../../../src/node/runs/image-changes.js';

/** A picture of one gray. */
const gray = (height: number, width: number, level: number, channels = 1) => ({
  ...{ channels, height, width },
  bytes: new Uint8Array(channels * height * width).fill(level),
});

describe('ImageChanges', () => {
  const shape = { channels: 1, height: 4, width: 4 };
  const digits = { sample: [1, 4, 4], inputs: { mean: full([1, 4, 4], 10), factor: 1 } };

  function sentences(run: typeof digits, pictures: ReturnType<typeof gray>[], inverted = false): string[] {
    const changes = new ImageChanges(run);
    for (const picture of pictures) changes.picture(picture, fitPicture(picture, shape));
    return changes.sentences(inverted);
  }

  it('says once how many pictures were resized, stretched and turned to gray', () => {
    expect(sentences(digits, [gray(4, 4, 9), gray(8, 8, 9), gray(8, 9, 9, 3)])).to.deep.equal([
      '2 of 3 pictures were resized to 4 × 4 pixels, 1 of them stretched to other proportions',
      '1 of 3 pictures was turned to gray',
    ]);
  });

  it('warns of a background that is the opposite of that of the training images', () => {
    const [light, dark] = [gray(4, 4, 250), gray(4, 4, 5)];
    expect(sentences(digits, [light])).to.deep.equal([
      'the picture has a light background, and the training images a dark one; try with --invert',
    ]);
    expect(sentences(digits, [light], true)[0]).to.include('try without --invert');
    expect(sentences(digits, [dark])).to.deep.equal([]);
    const paper = { ...digits, inputs: { mean: full([1, 4, 4], 230), factor: 1 } };
    expect(sentences(paper, [dark])[0]).to.include('has a dark background, and the training images a light one');
    const photos = { ...digits, inputs: { mean: full([1, 4, 4], 120), factor: 1 } };
    expect(sentences(photos, [light, dark])).to.deep.equal([]);
  });

  it('warns of arrays on the scale of 0 to 1', () => {
    const changes = new ImageChanges(digits);
    changes.array(full([2, 1, 4, 4], 0.5), true);
    changes.array(full([2, 1, 4, 4], 200), false);
    expect(changes.sentences(false)).to.deep.equal([
      'arrays with channels last, (…, H, W, C), were transposed to (…, C, H, W)',
      'an array has no number above 1; the net takes pixels from 0 to 255: multiply by 255',
    ]);
  });

  it('has nothing to say of features', () => {
    const changes = new ImageChanges({ sample: [4], inputs: { mean: zeros([4]), factor: 1 } });
    changes.array(zeros([3, 4]), false);
    expect(changes.sentences(false)).to.deep.equal([]);
  });
});
