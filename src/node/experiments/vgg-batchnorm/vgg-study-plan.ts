import { Random } from '../../../array/index.js';
import { Conv2d } from '../../../layers/conv2d.js';
import type { Init } from '../../../layers/init.js';
import { MaxPool2d } from '../../../layers/max-pool2d.js';
import { ReLU } from '../../../layers/relu.js';
import { Sequential } from '../../../layers/sequential.js';
import { VGG, type VGGDepth } from '../../../models/vgg.js';
import { variantLayers } from '../bn-optimization/norm-variants.js';

/** The four arms. */
export const VGG_ARMS = ['plain', 'batch', 'noisy', 'noise-only'] as const;

export type VGGArm = (typeof VGG_ARMS)[number];

/**
 * The net and its training. VGG-16 has the layers 5 and 10 of the published study; VGG-11 has nine layers in all. It is a quarter
 * as wide as the paper’s, so that a full run takes about three hours on two cores.
 */
export const VGG_STUDY = {
  dataset: 'cifar10',
  depth: 16 as VGGDepth,
  widths: [16, 32, 64, 128, 128],
  classes: 10,
  batchSize: 64,
  steps: 800,
  /** Steps between two records. */
  every: 50,
  /** Distances along the gradient, as multiples of the step size: six of them. */
  reach: [1 / 2, 4],
  /** The layers whose covariate shift is measured, counted from 0: the fifth and the tenth. */
  layers: [4, 9],
} as const;

export type VGGPlan = Omit<typeof VGG_STUDY, 'widths' | 'steps' | 'every'> & {
  widths: readonly number[];
  steps: number;
  every: number;
};

/** For `--quick`. */
export const VGG_QUICK: VGGPlan = { ...VGG_STUDY, widths: [4, 4, 8, 8, 8], batchSize: 64, steps: 2, every: 1 };

/** The step sizes at which the four arms are trained and measured, with plain SGD and He initialization. */
export const VGG_RATES: readonly number[] = [0.01, 0.1];

/** How a net is trained. */
export interface VGGRecipe {
  optimizer: 'sgd' | 'adam';
  init: Extract<Init, 'kaiming' | 'pytorch'>;
  rate: number;
}

/** The recipes in which the net without a norm may stand still at 1e-3. The study does not say which it used. */
export const VGG_STARTS: readonly VGGRecipe[] = (['sgd', 'adam'] as const).flatMap((optimizer) =>
  (['kaiming', 'pytorch'] as const).map((init) => ({ optimizer, init, rate: 1e-3 })),
);

/** Steps of a start: fewer, because nothing is measured but the loss. */
export const START_STEPS = 400;

/** The layers of VGG one after the other, with the layers of an arm between each convolution and its ReLU. */
export function vggStudyNet(arm: VGGArm, init: VGGRecipe['init'], seed: number, plan: VGGPlan): Sequential {
  const { depth, widths, classes } = plan;
  const norm = arm === 'batch' || arm === 'noisy' ? 'batch' : 'none';
  const rng = new Random(`${seed}: weights`);
  const [features, ...head] = new VGG({ depth, widths, classes, norm, init, rng }).layers;
  if (!(features instanceof Sequential)) throw new Error('expected the layers of VGG to begin with its features');
  const hasNoise = arm === 'noisy' || arm === 'noise-only';
  const noise = variantLayers(hasNoise ? 'noise-only' : 'plain', new Random(`${seed}: noise`), 'float32');
  let [side, channels] = [32, 3];
  const layers = features.layers.flatMap((layer) => {
    if (layer instanceof Conv2d) channels = layer.parameters()[0].value.shape[0];
    if (layer instanceof MaxPool2d) side /= 2;
    return layer instanceof ReLU ? [...noise(channels * side * side), layer] : [layer];
  });
  return new Sequential(...layers, ...head);
}
