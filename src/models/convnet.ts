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
import type { Layer } from '../layers/layer.js';
import { Linear } from '../layers/linear.js';
import { MaxPool2d } from '../layers/max-pool2d.js';
import { ReLU } from '../layers/relu.js';
import { Residual } from '../layers/residual.js';
import { Sequential } from '../layers/sequential.js';
import { Softmax } from '../layers/softmax.js';
import type { Loss } from '../losses/loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';

/** The widths of the course's net: the channels of its five stages. */
export const CONVNET_WIDTHS: readonly number[] = [64, 128, 256, 512, 512];

/** The number of residual blocks of each stage. */
export const BLOCKS: readonly number[] = [1, 2, 2, 2, 2];

/** The options of a ConvNet. */
export interface ConvNetOptions {
  /** The channels of an image: 3 for color, 1 for gray. */
  channels: number;
  /** C, the number of outputs. */
  classes: number;
  /** The channels of the five stages. The last two are equal. Default: `[64, 128, 256, 512, 512]`. */
  widths?: readonly number[];
  /** Draws the weights. Default: `new Random(0)`. */
  rng?: Random;
  /** The dtype of parameters and inputs. Default: `'float32'`. */
  dtype?: Dtype;
}

/**
 * The course's convolutional net (figure 5 of its assignment), a VGG with residual blocks. Each of five stages has one
 * or two blocks; a 1×1 convolution leads to the width of the next stage; and a max pooling, 3×3 with stride 2 and padding
 * 1, halves the image: 32, 16, 8, 4, 2, 1. Then batch norm, ReLU and a linear layer give the logits.
 *
 * A block adds its input to what a 3×3 convolution with padding 1 makes of it:
 *
 * $$ Y = X + \operatorname{conv}(\operatorname{ReLU}(\operatorname{norm}(X))) . $$
 *
 * The batch norm and the activation stand before the convolution, so that the way around them is the identity (He, Zhang, Ren and Sun 2016,
 * arXiv 1603.05027, figure 4e).
 *
 * `forward` takes (N, channels, H, W) and returns logits, (N, C). An image of up to 32×32 is a single pixel before the
 * linear layer; the pixels of a larger one are averaged. All layers are initialized as in PyTorch.
 */
export class ConvNet extends Sequential {
  /** Draws the weights. */
  readonly rng: Random;

  /**
   * @throws RangeError unless channels, classes and widths are whole numbers from 1 up, with five widths of which the last
   * two are equal
   */
  constructor(options: ConvNetOptions) {
    const { channels, classes, widths = CONVNET_WIDTHS, ...others } = checkedOptions('ConvNet', options);
    const { rng = new Random(0), dtype = 'float32', ...rest } = others;
    assertNoMoreOptions('ConvNet', rest);
    assertWhole('ConvNet', 'channels', channels, 1);
    assertWhole('ConvNet', 'classes', classes, 1);
    assertRandom('ConvNet', rng);
    checkedDtype('ConvNet', dtype);
    if (!areWidths(widths)) {
      throw new RangeError(
        `ConvNet: expected widths to be five whole numbers, the last two equal, got ${String(widths)}`,
      );
    }
    super(...layersOf(channels, classes, widths, rng, dtype));
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

/** The layers from the image to the logits. */
function layersOf(channels: number, classes: number, widths: readonly number[], rng: Random, dtype: Dtype): Layer[] {
  const last = widths[widths.length - 1];
  return [
    new Conv2d(channels, widths[0], 3, { padding: 1, rng, dtype }),
    ...widths.flatMap((width, stage) => [
      ...Array.from({ length: BLOCKS[stage] }, () => preAct(width, rng, dtype)),
      ...(stage < 3 ? [new Conv2d(width, widths[stage + 1], 1, { rng, dtype })] : []),
      new MaxPool2d(3, { stride: 2, padding: 1 }),
    ]),
    new BatchNorm2d(last, { dtype }),
    new ReLU(),
    new GlobalAvgPool2d(),
    new Linear(last, classes, { init: 'pytorch', rng, dtype }),
  ];
}

/** A residual block whose norm and activation stand before the convolution. */
function preAct(width: number, rng: Random, dtype: Dtype): Layer {
  const norm = new BatchNorm2d(width, { dtype });
  return new Residual(new Sequential(norm, new ReLU(), new Conv2d(width, width, 3, { padding: 1, rng, dtype })));
}

/** Whether a value is a list of widths that a ConvNet can have. */
export function areWidths(value: unknown): value is number[] {
  const isWidth = (width: unknown) => Number.isSafeInteger(width) && Number(width) >= 1;
  return Array.isArray(value) && value.length === BLOCKS.length && value.every(isWidth) && value[3] === value[4];
}
