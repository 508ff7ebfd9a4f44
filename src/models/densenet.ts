import {
  assertNoMoreOptions,
  assertRandom,
  assertWhole,
  checkedDtype,
  checkedOptions,
  type Dtype,
  type NdArray,
  Random,
} from '../array/index.js';
import { AvgPool2d } from '../layers/avg-pool2d.js';
import { BatchNorm2d } from '../layers/batch-norm2d.js';
import { Concat } from '../layers/concat.js';
import { Conv2d } from '../layers/conv2d.js';
import { GlobalAvgPool2d } from '../layers/global-avg-pool2d.js';
import { initializer } from '../layers/init.js';
import type { Layer } from '../layers/layer.js';
import { Linear } from '../layers/linear.js';
import { MaxPool2d } from '../layers/max-pool2d.js';
import type { Module } from '../layers/module.js';
import { ReLU } from '../layers/relu.js';
import { Softmax } from '../layers/softmax.js';
import type { Loss } from '../losses/loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import { NamedLayers } from './named-layers.js';
import { isCount } from './setting.js';

/** The layers of each dense block of DenseNet-121. */
export const DENSENET121_BLOCKS: readonly number[] = [6, 12, 24, 16];

/** What the net begins with: `imagenet` makes images four times smaller, `small` keeps their size. */
export const STEMS = ['imagenet', 'small'] as const;

/** The options of a DenseNet. The defaults are those of DenseNet-121. */
export interface DenseNetOptions {
  /** The channels of an image. Default: 3. */
  channels?: number;
  /** C, the number of outputs. */
  classes: number;
  /** k, the channels that each dense layer adds. Default: 32. */
  growth?: number;
  /** The dense layers of each block. Default: `[6, 12, 24, 16]`. */
  blocks?: readonly number[];
  /** The channels after the first convolution. Default: twice the growth. */
  width?: number;
  /** The 1×1 convolution of a dense layer has this many times k channels. Default: 4. */
  bottleneck?: number;
  /**
   * The layers before the first block. `'imagenet'`, the default: a 7×7 convolution with stride 2, batch norm, ReLU and a
   * 3×3 max pooling with stride 2. `'small'`: a 3×3 convolution with stride 1, batch norm and ReLU.
   */
  stem?: (typeof STEMS)[number];
  /** Draws the weights. Default: `new Random(0)`. */
  rng?: Random;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

interface Drawing {
  rng: Random;
  dtype: Dtype;
}

/**
 * A DenseNet (Huang, Liu, van der Maaten and Weinberger 2017, arXiv 1608.06993, table 1). Each layer of a dense block
 * reads what all layers before it in the block have computed, and adds k channels of its own (`Concat`):
 *
 * $$ X_{l+1} = [X_l,\; \operatorname{conv}_{3\times3}(\operatorname{ReLU}(\operatorname{norm}(
 *    \operatorname{conv}_{1\times1}(\operatorname{ReLU}(\operatorname{norm}(X_l))))))] . $$
 *
 * Between two blocks a transition halves the channels with a 1×1 convolution and the image with a 2×2 average pooling.
 *
 * It is torchvision's net, layer by layer and by the same names, with the same initialization: $N(0, 2/D)$ for
 * convolutions, which have no bias, and PyTorch's default with a bias of 0 for the linear layer. The default is
 * `densenet121`, with 7,978,856 parameters for 1,000 classes.
 *
 * `forward` takes (N, channels, H, W) and returns logits, (N, C). With the stem `'imagenet'` and four blocks, H and W are
 * 29 or more. An image of 32×32 has 8, 4, 2 and 1 pixels in each direction in the four blocks.
 */
export class DenseNet extends NamedLayers {
  static override readonly name: string = 'DenseNet';

  /** Draws the weights. */
  readonly rng: Random;

  /** @throws RangeError for a stem of another name, or sizes that are not whole numbers from 1 up */
  constructor(options: DenseNetOptions) {
    const { channels = 3, classes, growth = 32, ...sizes } = checkedOptions('DenseNet', options);
    const { blocks = DENSENET121_BLOCKS, ...others } = sizes;
    const { width = 2 * growth, bottleneck = 4, stem = 'imagenet', ...drawn } = others;
    const { rng = new Random(0), dtype = 'float32', ...rest } = drawn;
    assertNoMoreOptions('DenseNet', rest);
    assertWhole('DenseNet', 'channels', channels, 1);
    assertWhole('DenseNet', 'classes', classes, 1);
    assertRandom('DenseNet', rng);
    checkedDtype('DenseNet', dtype);
    assertSizes({ growth, width, bottleneck, blocks });
    if (!STEMS.includes(stem)) throw new RangeError(`DenseNet: expected stem 'imagenet' or 'small', got '${stem}'`);
    const drawing = { rng, dtype };
    const features = [...stemLayers(stem, channels, width, drawing)];
    let C = width;
    for (const [b, count] of blocks.entries()) {
      features.push([`denseblock${b + 1}`, denseBlock(C, count, growth, bottleneck, drawing)]);
      C += count * growth;
      if (b === blocks.length - 1) continue;
      features.push([`transition${b + 1}`, transition(C, drawing)]);
      C = Math.floor(C / 2);
    }
    features.push(['norm5', new BatchNorm2d(C, { dtype })], ['relu5', new ReLU()]);
    super([
      ['features', new NamedLayers(features)],
      ['avgpool', new GlobalAvgPool2d()],
      ['classifier', new Linear(C, classes, { init: initializer('pytorch'), rng, dtype })], // the bias starts at 0
    ]);
    this.rng = rng;
  }

  /** A new loss of the kind that fits the outputs of this net. */
  loss(): Loss {
    return new SoftmaxCrossEntropy();
  }

  /** The class probabilities, (N, C), in the outputs of this net. */
  probabilities(outputs: NdArray): NdArray {
    return new Softmax().forward(outputs); // (N, C)
  }
}

/** One layer of a dense block. Its arrays have the paths that torchvision gives them, without `inner.` */
class DenseLayer extends Concat {
  constructor(private readonly layers: Module) {
    super(layers);
  }

  override children(): [string, Layer][] {
    return this.layers.children();
  }
}

function stemLayers(stem: string, channels: number, width: number, { rng, dtype }: Drawing): [string, Layer][] {
  const small = stem === 'small';
  const windows = small ? { padding: 1 } : { stride: 2, padding: 3 };
  const conv = new Conv2d(channels, width, small ? 3 : 7, { ...windows, ...UNBIASED, rng, dtype });
  return [
    ['conv0', conv],
    ['norm0', new BatchNorm2d(width, { dtype })],
    ['relu0', new ReLU()],
    ...(small ? [] : [['pool0', new MaxPool2d(3, { stride: 2, padding: 1 })] satisfies [string, Layer]]),
  ];
}

const UNBIASED = { bias: false, init: 'kaiming' } as const;

function denseBlock(C: number, count: number, growth: number, bottleneck: number, { rng, dtype }: Drawing): Layer {
  const inner = bottleneck * growth;
  return new NamedLayers(
    Array.from({ length: count }, (_, l): [string, Layer] => {
      const inputs = C + l * growth;
      const layers = new NamedLayers([
        ['norm1', new BatchNorm2d(inputs, { dtype })],
        ['relu1', new ReLU()],
        ['conv1', new Conv2d(inputs, inner, 1, { ...UNBIASED, rng, dtype })],
        ['norm2', new BatchNorm2d(inner, { dtype })],
        ['relu2', new ReLU()],
        ['conv2', new Conv2d(inner, growth, 3, { padding: 1, ...UNBIASED, rng, dtype })],
      ]);
      return [`denselayer${l + 1}`, new DenseLayer(layers)];
    }),
  );
}

function transition(C: number, { rng, dtype }: Drawing): Layer {
  return new NamedLayers([
    ['norm', new BatchNorm2d(C, { dtype })],
    ['relu', new ReLU()],
    ['conv', new Conv2d(C, Math.floor(C / 2), 1, { ...UNBIASED, rng, dtype })],
    ['pool', new AvgPool2d(2)],
  ]);
}

function assertSizes({ blocks, ...sizes }: { blocks: readonly number[] } & Record<string, unknown>): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (!isCount(value))
      throw new RangeError(`DenseNet: expected ${name} to be a whole number from 1 up, got ${String(value)}`);
  }
  if (!areBlocks(blocks)) {
    throw new RangeError(
      `DenseNet: expected blocks to be whole numbers from 1 to ${MOST_LAYERS}, got ${String(blocks)}`,
    );
  }
}

/** The largest block; torchvision's largest has 48 layers. Many more would take minutes only to be counted. */
export const MOST_LAYERS = 1000;

/** Whether a value is a list of numbers of dense layers, one per block. */
export function areBlocks(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every((count) => isCount(count) && count <= MOST_LAYERS);
}
