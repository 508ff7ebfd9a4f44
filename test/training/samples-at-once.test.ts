import { expect } from 'chai';
import { arraySource, evaluate, GlobalAvgPool2d, MLP, oneHot, SoftmaxCrossEntropy, zeros } from '../../src/index.js';
import { samplesAtOnce } from '../../src/training/samples-at-once.js';

const targets = (count: number) => oneHot(Array<number>(count).fill(0), 3);
const images = (count: number) => arraySource(zeros([count, 3, 2, 2]), targets(count));
const rows = (count: number) => arraySource(zeros([count, 4]), targets(count));

describe('samplesAtOnce', () => {
  it('is the given number for rows and a tenth of it for images', () => {
    expect([samplesAtOnce(rows(5), 1000), samplesAtOnce(images(5), 1000)]).to.deep.equal([1000, 100]);
  });

  it('decides the batches of an evaluation', async () => {
    const sizes: number[] = [];
    class Counting extends GlobalAvgPool2d {
      override forward(x: ReturnType<typeof zeros>) {
        sizes.push(x.shape[0]);
        return super.forward(x);
      }
    }
    await evaluate(new Counting(), new SoftmaxCrossEntropy(), images(250));
    expect(sizes).to.deep.equal([100, 100, 50]);
    const { accuracy } = await evaluate(
      new MLP({ inputs: 4, hidden: [], classes: 3, logits: true }),
      new SoftmaxCrossEntropy(),
      rows(250),
    );
    expect(accuracy).to.equal(1);
  });
});
