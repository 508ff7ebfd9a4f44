import { activationFigure, slopesFigure } from './activations.js';
import { axesFigure } from './axes.js';
import { initFigure, residualFigure } from './depth.js';
import { stepFigure } from './differences.js';
import {
  avgPoolFigure,
  convolutionFigure,
  dropoutFigure,
  fusedFigure,
  globalAvgPoolFigure,
  influenceFigure,
  maxPoolFigure,
  softmaxFigure,
} from './jacobians.js';
import { crossEntropyFigure, fusedAgainstComposedFigure, smoothingFigure, squaredErrorFigure } from './losses.js';
import { adamFigure, decayFigure, schedulesFigure, valleyFigure } from './optimizers.js';
import { slidingWindowFigure } from './sliding-window.js';

/** A figure that the library's own code computes, and its caption. */
export interface Figure {
  draw: () => Promise<string>;
  caption: string;
}

const seen = (what: string) =>
  `The gradient of one output with respect to every input, computed by the layer's \`backward\`: ${what} An empty cell is exactly 0.`;

/**
 * The figures by name. A page of the annotated source shows the figure with the path of its file; the guide names
 * figures.
 */
export const FIGURES: Readonly<Record<string, Figure>> = {
  'layers/linear': {
    draw: () => influenceFigure('Linear'),
    caption: seen('the weights of this output, in the row of its own sample. Samples are independent.'),
  },
  'layers/elu': {
    draw: () => activationFigure('ELU'),
    caption: 'Both lines are the layer itself: `forward`, and `backward` with a `dout` of 1.',
  },
  'layers/relu': {
    draw: () => activationFigure('ReLU'),
    caption: 'Both lines are the layer itself. The slope jumps at 0, where the layer uses the slope from the left.',
  },
  'layers/tanh': {
    draw: () => activationFigure('Tanh'),
    caption: 'Both lines are the layer itself. Beyond ±3, almost no gradient passes.',
  },
  'layers/gelu': {
    draw: () => activationFigure('GELU'),
    caption: 'Both lines are the layer itself. The slope goes below 0 and above 1.',
  },
  'layers/softmax': {
    draw: softmaxFigure,
    caption:
      'Each row is one `backward` with a `dout` that selects one output. A larger logit increases its own probability and decreases the others: every row and every column sums to 0.',
  },
  'layers/conv2d': {
    draw: convolutionFigure,
    caption: seen('the weights of the kernel, at the pixels below it.'),
  },
  axes: {
    draw: axesFigure,
    caption:
      'What is repeated (blue, above), and what is summed (below). The sums are opposites of the repetition: the gradient of the bias is a sum down the batch.',
  },
  'sliding-window': {
    draw: slidingWindowFigure,
    caption:
      'The window moves over the image and gives Y (blue). Then each number of ∂L/∂Y goes back to its window, times the kernel, and what arrives at a pixel adds up (orange). All numbers are those of `conv2d` and its gradients.',
  },
  'layers/max-pool2d': {
    draw: maxPoolFigure,
    caption: seen('1 at the largest pixel of the window.'),
  },
  'layers/avg-pool2d': {
    draw: avgPoolFigure,
    caption: seen('an equal part of every pixel of the window.'),
  },
  'layers/global-avg-pool2d': {
    draw: globalAvgPoolFigure,
    caption: seen('an equal part of every pixel of the channel.'),
  },
  'layers/batch-norm2d': {
    draw: () => influenceFigure('BatchNorm2d'),
    caption: seen('mean and variance are over one channel, all pixels of all samples.'),
  },
  'layers/layer-norm': {
    draw: () => influenceFigure('LayerNorm'),
    caption: seen('mean and variance are over the row.'),
  },
  'layers/batch-norm': {
    draw: () => influenceFigure('BatchNorm1d'),
    caption: seen('mean and variance are over the column, the batch.'),
  },
  'layers/group-norm': {
    draw: () => influenceFigure('GroupNorm'),
    caption: seen('mean and variance are over its group in its own row.'),
  },
  'layers/instance-norm': {
    draw: () => influenceFigure('InstanceNorm'),
    caption: seen('mean and variance are over the positions of one feature of one sample.'),
  },
  'layers/dropout': {
    draw: dropoutFigure,
    caption:
      'The result of `backward` for a `dout` of ones: 0 where a number was dropped, 1/(1 − p) where it was kept.',
  },
  'layers/residual': {
    draw: residualFigure,
    caption:
      'Linear layers of width 32 with tanh; the weights have a standard deviation of 0.1. Without the residual connection, each block shrinks the gradient.',
  },
  'layers/init': {
    draw: initFigure,
    caption:
      'If the weights are too small, the gradient vanishes after a few layers. If they are too large, it explodes. The standard deviation of He et al., √(2/32), keeps its norm.',
  },
  'losses/cross-entropy': {
    draw: crossEntropyFigure,
    caption:
      'Both lines are computed by `CrossEntropy`, `forward` and `backward`, for a sample of two classes. The gradient is −1/p: the smaller the probability of the true class, the larger the gradient.',
  },
  'losses/softmax-cross-entropy': {
    draw: fusedAgainstComposedFigure,
    caption:
      'Where the probability underflows, here at a difference of 88, the two layers lose the whole gradient. The fused loss keeps it.',
  },
  'losses/mse-loss': {
    draw: squaredErrorFigure,
    caption: 'The gradient grows in proportion to the error, and is 0 at the target.',
  },
  'losses/label-smoothing': {
    draw: smoothingFigure,
    caption: 'A fifth of the target is spread evenly over five classes.',
  },
  'optim/sgd': {
    draw: valleyFigure,
    caption:
      'All three use the learning rate 0.03. Momentum adds up the part of the gradient that points along the valley.',
  },
  'optim/adam': {
    draw: adamFigure,
    caption:
      'If the gradient is a hundred times smaller, the steps of Adam stay the same (its two lines coincide), and plain gradient descent almost stops. All use the learning rate 0.1.',
  },
  'optim/adamw': {
    draw: decayFigure,
    caption:
      'Where gradients cancel, only the decay should change the weight. In Adam, large gradients slow down the decay; in AdamW they do not.',
  },
  'optim/schedules': { draw: schedulesFigure, caption: 'The factor of the learning rate at each of 200 steps.' },
  'gradcheck/numerical': {
    draw: stepFigure,
    caption:
      'On the right, the step is too long for the curvature. On the left, rounding errors are too large. The central difference in double precision is best near 1e-5. In single precision, no step is good.',
  },
  slopes: {
    draw: slopesFigure,
    caption:
      'The slopes of the four activations, computed by their layers. For positive x, those of ELU and ReLU coincide.',
  },
  fused: {
    draw: fusedFigure,
    caption:
      'The gradient of the fused loss for three samples. Rows sum to 0. The confident mistake has the largest gradient.',
  },
};
