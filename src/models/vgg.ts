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
import { BatchNorm2d } from '../layers/batch-norm2d.js';
import { Conv2d } from '../layers/conv2d.js';
import { GlobalAvgPool2d } from '../layers/global-avg-pool2d.js';
import type { Init } from '../layers/init.js';
import type { Layer } from '../layers/layer.js';
import { Linear } from '../layers/linear.js';
import { MaxPool2d } from '../layers/max-pool2d.js';
import { ReLU } from '../layers/relu.js';
import { Sequential } from '../layers/sequential.js';
import { Softmax } from '../layers/softmax.js';
import type { Loss } from '../losses/loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import { NamedLayers } from './named-layers.js';
import { isCount } from './setting.js';

/** The number of layers with weights in the paper's nets, of which the last three are linear there. */
export type VGGDepth = 11 | 13 | 16 | 19;

/** The number of convolutions in each of the five stages: columns A, B, D and E of the paper's table 1. */
export const VGG_STAGES: Readonly<Record<VGGDepth, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

/** The widths of the paper's nets: the channels of the five stages. */
export const VGG_WIDTHS: readonly number[] = [64, 128, 256, 512, 512];

/** The norms that a VGG can have. */
export const VGG_NORMS = ['none', 'batch'] as const;

/** The options of a VGG. */
export interface VGGOptions {
  /** 11, 13, 16 or 19. */
  depth: VGGDepth;
  /** The channels of an image. Default: 3. */
  channels?: number;
  /** C, the number of outputs. */
  classes: number;
  /** Whether a batch norm stands between each convolution and its ReLU. Default: `'none'`, the paper's. */
  norm?: (typeof VGG_NORMS)[number];
  /** The channels of the five stages. Default: `[64, 128, 256, 512, 512]`. */
  widths?: readonly number[];
  /** How all weights are initialized. Default: `'kaiming'`, with which the nets without a norm learn as well. */
  init?: Init;
  /** Draws the weights. Default: `new Random(0)`. */
  rng?: Random;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * The VGG nets (Simonyan and Zisserman 2015, arXiv 1409.1556, table 1): five stages of 3×3 convolutions with padding 1,
 * each followed by ReLU. After each stage a max pooling, 2×2, halves the image: 32, 16, 8, 4, 2, 1.
 *
 * `features` is torchvision's, layer by layer and by the same names: `vgg16(norm: 'none')` as `vgg16` and
 * `vgg16(norm: 'batch')` as `vgg16_bn`.
 *
 * The classifier is one linear layer on the average over the pixels that are left. The paper's has three, with 4,096
 * hidden units, for the 7×7 pixels that are left of an image of ImageNet: 120 million parameters. Of an image of
 * CIFAR-10 a single pixel is left, with 512 features that ten convolutions or more have computed. Linear layers of 4,096
 * units would have more parameters than all convolutions together. One layer makes the last layer's gradient, which the
 * study of batch norm follows, that of the features themselves.
 *
 * `forward` takes (N, channels, H, W) with H and W from 32 up, and returns logits, (N, C).
 */
export class VGG extends NamedLayers {
  static override readonly name: string = 'VGG';

  /** Draws the weights. */
  readonly rng: Random;

  /** @throws RangeError for another depth or norm, or widths that are not five whole numbers from 1 up */
  constructor(options: VGGOptions) {
    const { depth, channels = 3, classes, norm = 'none', ...others } = checkedOptions('VGG', options);
    const { widths = VGG_WIDTHS, init = 'kaiming', rng = new Random(0), dtype = 'float32', ...rest } = others;
    assertNoMoreOptions('VGG', rest);
    assertWhole('VGG', 'channels', channels, 1);
    assertWhole('VGG', 'classes', classes, 1);
    assertRandom('VGG', rng);
    checkedDtype('VGG', dtype);
    if (!Object.hasOwn(VGG_STAGES, depth)) throw new RangeError(`VGG: expected depth 11, 13, 16 or 19, got ${depth}`);
    if (!VGG_NORMS.includes(norm)) throw new RangeError(`VGG: expected norm 'none' or 'batch', got '${norm}'`);
    if (!areVGGWidths(widths)) {
      throw new RangeError(`VGG: expected widths to be five whole numbers from 1 up, got ${String(widths)}`);
    }
    const convolution = (inputs: number, outputs: number): Layer[] => [
      new Conv2d(inputs, outputs, 3, { padding: 1, init, rng, dtype }),
      ...(norm === 'batch' ? [new BatchNorm2d(outputs, { dtype })] : []),
      new ReLU(),
    ];
    const features = widths.flatMap((width, stage) => [
      ...Array.from({ length: VGG_STAGES[depth][stage] }, (_, i) =>
        convolution(i > 0 ? width : (widths[stage - 1] ?? channels), width),
      ).flat(),
      new MaxPool2d(2),
    ]);
    super([
      ['features', new Sequential(...features)],
      ['avgpool', new GlobalAvgPool2d()],
      ['classifier', new Linear(widths[4], classes, { init, rng, dtype })],
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

/** Whether a value is a list of widths that a VGG can have. */
export function areVGGWidths(value: unknown): value is number[] {
  return Array.isArray(value) && value.length === VGG_WIDTHS.length && value.every(isCount);
}
