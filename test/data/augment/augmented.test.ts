import { expect } from 'chai';
import { parseAugmentation } from '../../../src/data/augment/parse-augmentation.js';
import { asArray, multiply, Random, toNested } from '../../../src/index.js';
import { DEFAULTS } from '../../../src/node/runs/read-config.js';
import { trainingSource } from '../../../src/node/runs/run-sources.js';
import {
  type Augmentation,
  augmented,
  centered,
  cutout,
  flattened,
  flip,
  ImageSet,
  mixed,
  shift,
} from '../../../src/node.js';

/** Forty random images of 2 × 6 × 5 in three classes. */
function images(): ImageSet {
  const rng = new Random('images');
  const bytes = Uint8Array.from({ length: 40 * 60 }, () => 256 * rng.next());
  const labels = Uint8Array.from({ length: 40 }, (_, i) => (i * i) % 3);
  return new ImageSet([{ bytes, first: 0, stride: 60, labels }], { channels: 2, height: 6, width: 5 }, ['a', 'b', 'c']);
}

const indices = [7, 0, 31, 7, 12];

describe('augmented', () => {
  it('changes pixels before the mean image is subtracted, and gives 0 where it covers them', () => {
    const set = images();
    const mean = set.meanImage();
    const coverAll: Augmentation = ({ pixels, background }) => pixels.set(background);
    const { x } = augmented(set, mean, [coverAll], new Random(1)).batch(indices);
    expect([...x.data].every((value) => value === 0)).to.equal(true);
    const plain = augmented(set, mean, [], new Random(1)).batch(indices);
    const expected = centered(set, mean).batch(indices);
    plain.x.data.forEach((value, i) => {
      expect(value).to.be.closeTo(expected.x.data[i], 1e-4);
    });
  });

  it('gives the same bytes for the same seed, other bytes for another seed, and new bytes each time', () => {
    const set = images();
    const draw = (seed: number) => {
      const source = augmented(set, set.meanImage(), [flip(), shift(2), cutout(3)], new Random(seed));
      return [source.batch(indices), source.batch(indices)].map(({ x }) => toNested(x));
    };
    expect(draw(1)).to.deep.equal(draw(1));
    expect(draw(1)).not.to.deep.equal(draw(2));
    expect(draw(1)[0]).not.to.deep.equal(draw(1)[1]);
  });

  it('preserves labels, and the images of the set', () => {
    const [set, untouched] = [images(), images()];
    const { targets } = augmented(set, set.meanImage(), [flip(), shift(2), cutout(3)], new Random(1)).batch(indices);
    expect(toNested(targets)).to.deep.equal(toNested(centered(set, set.meanImage()).batch(indices).targets));
    for (let i = 0; i < set.count; i++) expect(set.image(i)).to.deep.equal(untouched.image(i));
  });

  it('draws random numbers for each image in the order of the batch, so that micro-batches get the same as a large batch', () => {
    const set = images();
    const source = () => augmented(set, set.meanImage(), [flip(), shift(1)], new Random(5));
    const [large, small] = [source(), source()];
    const whole = large.batch(indices).x;
    const parts = [small.batch(indices.slice(0, 2)).x, small.batch(indices.slice(2)).x];
    expect([...parts[0].data, ...parts[1].data]).to.deep.equal([...whole.data]);
  });
});

describe('the augmentation of a recipe', () => {
  const names = (text: string) => {
    const { images, mixup } = parseAugmentation(text, 32);
    return [images.length, mixup];
  };

  it('is parsed from its text', () => {
    expect(names('none')).to.deep.equal([0, undefined]);
    expect(names('flip')).to.deep.equal([1, undefined]);
    expect(names('mixup:0.3')).to.deep.equal([0, 0.3]);
    expect(names('cutout:8,flip,mixup:1e-1,shift:4')).to.deep.equal([3, 0.1]);
  });

  it('is refused if it is not valid', () => {
    for (const text of [
      '',
      'flip,',
      'flop',
      'flip:1',
      'shift',
      'shift:',
      'flip,flip',
      'mixup:0.1,mixup:0.2',
      'none,flip',
    ])
      expect(() => names(text), text).to.throw(
        'expected some of flip, shift:N, cutout:N, mixup:ALPHA, each once, or none',
      );
    expect(() => names('shift:x')).to.throw('shift: expected a whole number of pixels from 1 up, got NaN');
    expect(() => names('mixup:0')).to.throw('mixup: expected alpha to be a number above 0, got 0');
    expect(() => names('cutout:32')).to.throw('cutout:32 would leave nothing of an image of 32 pixels');
  });

  it('gives the same source as its parts', () => {
    const set = images();
    const mean = set.meanImage();
    const made = (text: string, factor = 1) => {
      const recipe = { ...DEFAULTS, augment: text, labelSmoothing: 0.3 };
      return trainingSource(recipe, set, { mean: asArray(mean, set.sample), factor }, new Random(1)).batch(indices);
    };
    const rng = new Random(1);
    const { x, targets } = flattened(mixed(augmented(set, mean, [shift(2), flip()], rng), 0.5, rng)).batch(indices);
    const recipe = made('shift:2,flip,mixup:0.5');
    expect(toNested(recipe.x)).to.deep.equal(toNested(x));
    recipe.targets.data.forEach((value, i) => {
      expect(value).to.be.closeTo(0.7 * targets.data[i] + 0.1, 1e-6);
    });
    const plain = flattened(centered(set, mean)).batch(indices).x;
    expect(toNested(made('none').x)).to.deep.equal(toNested(plain));
    expect(toNested(made('none', 0.5).x)).to.deep.equal(toNested(multiply(plain, 0.5)));
  });
});
