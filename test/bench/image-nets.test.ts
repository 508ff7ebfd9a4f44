import { expect } from 'chai';
import { writeData } from '../../bench/data.js';
import { CONVNET, type ImageNet, imageParameters, VGG11 } from '../../bench/image-nets.js';
import { imageModel, load, openImageTask } from '../../bench/peers/handgrad-images.js';
import { Data, type Run } from '../../bench/peers/peer.js';
import type { ConvolutionTask, ImageTask } from '../../bench/tasks.js';
import {
  assign,
  ConvNet,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  mean,
  type NdArray,
  Random,
  square,
  VGG,
} from '../../lib/index.js';
import { temporaryFolders } from '../support/temporary.js';

const folder = temporaryFolders();

const SMALL: ImageNet = {
  name: 'small',
  layers: [
    { layer: 'conv', inputs: 3, outputs: 12, kernel: 1 },
    { layer: 'residual', layers: [{ layer: 'norm', channels: 12 }, { layer: 'relu' }] },
    { layer: 'mean' },
    { layer: 'linear', inputs: 12, outputs: 10 },
  ],
  learningRate: 1e-4,
};

/** The logits of the bench's list of layers and of the library's net, with the same parameters, biases and gammas random. */
function logitsOfBoth({ layers }: ImageNet, model: ConvNet | VGG): [ofList: NdArray, ofLibrary: NdArray] {
  const rng = new Random(7);
  const given = model.parameters().map(({ value }) => value);
  expect(imageParameters(layers).map(({ shape }) => shape)).to.deep.equal(given.map(({ shape }) => shape));
  for (const vector of given.filter(({ shape }) => shape.length === 1)) assign(vector, rng.normal(vector.shape));
  const x = rng.normal([2, 3, 32, 32]);
  return [imageModel(layers, given, 'float32').forward(x), model.forward(x)];
}

/** A task of handgrad that is ready to run, with data drawn for it. */
function open(task: ImageTask): { run: Run; data: Data } {
  const place = folder();
  writeData(place, [{ id: 'one', title: 'one', task }]);
  const data = new Data(place);
  return { run: openImageTask(task, data, 'float32'), data };
}

describe("the bench's image nets", () => {
  it('compute what ConvNet and VGG-11 with batch norm compute, with parameters of the same shapes in the same order', () => {
    for (const [net, model] of [
      [CONVNET, new ConvNet({ channels: 3, classes: 10 })],
      [VGG11, new VGG({ depth: 11, classes: 10, norm: 'batch' })],
    ] as const) {
      const [ofList, ofLibrary] = logitsOfBoth(net, model);
      expect(ofList.shape).to.deep.equal([2, 10]);
      expect(Array.from(ofList.data)).to.deep.equal(Array.from(ofLibrary.data));
    }
  }).timeout(60000);

  it('are drawn with biases, gammas and betas that show when one is missing', () => {
    const { data } = open({ kind: 'infer-images', net: SMALL, batch: 1, images: 2 });
    const drawn = data.imageParameters(SMALL);
    const roles = imageParameters(SMALL.layers).map(({ role }) => role);
    expect(drawn).to.have.length(roles.length);
    for (const [i, role] of roles.entries()) {
      expect(mean(load(drawn[i], 'float64')), `${role} ${i}`).to.be.closeTo(role === 'gamma' ? 1 : 0, 0.15);
      expect(new Set(drawn[i].data).size, `${role} ${i}`).to.be.greaterThan(8);
    }
  });

  it('read their images as (N, 3, 32, 32) in batches', () => {
    const { data } = open({ kind: 'infer-images', net: SMALL, batch: 2, images: 4 });
    const whole = data.imageBatch({ kind: 'train-images', net: SMALL, batch: 4 }).x;
    const batches = data.imageBatches({ kind: 'infer-images', net: SMALL, batch: 2, images: 4 });
    expect(batches.map(({ shape }) => shape)).to.deep.equal([
      [2, 3, 32, 32],
      [2, 3, 32, 32],
    ]);
    expect(batches.flatMap((one) => Array.from(one.data))).to.deep.equal(Array.from(whole.data));
  });
});

describe("the bench's convolution", () => {
  const task: ConvolutionTask = { kind: 'convolution', batch: 5, inputs: 3, outputs: 7, size: 6, kernel: 3 };

  it('has an output and gradients of about 1, so that one tolerance fits all', () => {
    for (const one of [task, { ...task, kernel: 1, outputs: 2 }, { ...task, batch: 1, inputs: 16 }]) {
      const { data } = open(one);
      const options = { padding: (one.kernel - 1) / 2 };
      const { x, weight, dout } = arraysOf(data, one);
      const results = [
        conv2d(x, weight, options),
        conv2dInputGradient(weight, dout, [6, 6], options),
        conv2dWeightGradient(x, dout, [one.kernel, one.kernel], options),
      ];
      for (const result of results) expect(Math.sqrt(mean(square(result)))).to.be.within(0.5, 2);
    }
  });

  it('answers with 21 numbers of each of the three', () => {
    const { run, data } = open(task);
    void run.run();
    const answer = run.answer() as number[];
    const { x, weight, dout } = arraysOf(data, task);
    const [out, dx, dWeight] = [
      conv2d(x, weight, { padding: 1 }),
      conv2dInputGradient(weight, dout, [6, 6], { padding: 1 }),
      conv2dWeightGradient(x, dout, [3, 3], { padding: 1 }),
    ].map((one) => one.data);
    expect(answer).to.have.length(63);
    for (const [i, result] of [out, dx, dWeight].entries()) {
      expect([answer[21 * i], answer[21 * i + 20]]).to.deep.equal([result[0], result[result.length - 1]]);
    }
  });
});

function arraysOf(data: Data, task: ConvolutionTask): { x: NdArray; weight: NdArray; dout: NdArray } {
  const { x, weight, dout } = data.convolution(task);
  return { x: load(x, 'float32'), weight: load(weight, 'float32'), dout: load(dout, 'float32') };
}
