import { activationFigure, slopesFigure } from './activations.js';
import { initFigure, residualFigure } from './depth.js';
import { stepFigure } from './differences.js';
import { dropoutFigure, fusedFigure, influenceFigure, softmaxFigure } from './jacobians.js';
import { crossEntropyFigure, fusedAgainstComposedFigure, smoothingFigure } from './losses.js';
import { adamFigure, decayFigure, schedulesFigure, valleyFigure } from './optimizers.js';

/** A picture that the library's own code computes, and the sentence below it. */
export interface Figure {
  draw: () => Promise<string>;
  caption: string;
}

const seen = (what: string) =>
  `One output's gradient by every input, as the layer's own \`backward\` gives it: ${what} An empty cell is exactly 0.`;

/** Pictures by name. Pages of the annotated source show those under their file's path; the guide names them. */
export const FIGURES: Readonly<Record<string, Figure>> = {
  'layers/linear': {
    draw: () => influenceFigure('Linear'),
    caption: seen('the weights of one output, in the row of its own sample. No sample sees another.'),
  },
  'layers/elu': {
    draw: () => activationFigure('ELU'),
    caption: 'Both lines are the layer itself: `forward`, and `backward` with a `dout` of 1.',
  },
  'layers/relu': {
    draw: () => activationFigure('ReLU'),
    caption: 'Both lines are the layer itself. At 0 the slope jumps; the layer takes the one from the left.',
  },
  'layers/tanh': {
    draw: () => activationFigure('Tanh'),
    caption: 'Both lines are the layer itself. Beyond ±3 hardly any gradient passes.',
  },
  'layers/gelu': {
    draw: () => activationFigure('GELU'),
    caption: 'Both lines are the layer itself. The slope goes below 0 and above 1.',
  },
  'layers/softmax': {
    draw: softmaxFigure,
    caption:
      'Each row is one `backward` with a `dout` that picks out one output. More of one logit raises its own probability and lowers the others: every row and every column sums to 0.',
  },
  'layers/layer-norm': {
    draw: () => influenceFigure('LayerNorm'),
    caption: seen('mean and variance are taken along the row.'),
  },
  'layers/batch-norm': {
    draw: () => influenceFigure('BatchNorm1d'),
    caption: seen('mean and variance are taken down the column, over the batch.'),
  },
  'layers/group-norm': {
    draw: () => influenceFigure('GroupNorm'),
    caption: seen('mean and variance are taken over the group of its own row.'),
  },
  'layers/instance-norm': {
    draw: () => influenceFigure('InstanceNorm'),
    caption: seen('mean and variance are taken over the positions of one feature of one sample.'),
  },
  'layers/dropout': {
    draw: dropoutFigure,
    caption: 'What `backward` makes of a `dout` of ones: 0 where a number was dropped, 1/(1 − p) where it was kept.',
  },
  'layers/residual': {
    draw: residualFigure,
    caption:
      'Linear layers of width 32 with tanh, weights of deviation 0.1. Without the way past, each block takes its share of the gradient away.',
  },
  'layers/init': {
    draw: initFigure,
    caption:
      'Too small, and the gradient is gone after a few layers; too large, and it explodes. The deviation of Kaiming He, √(2/32), keeps it.',
  },
  'losses/cross-entropy': {
    draw: crossEntropyFigure,
    caption:
      'Both lines are computed by `CrossEntropy`, `forward` and `backward`, for a sample of two classes. The gradient is −1/p: the more surprised, the harder it pulls.',
  },
  'losses/softmax-cross-entropy': {
    draw: fusedAgainstComposedFigure,
    caption:
      'Where the probability underflows, here 88 logits below, the composed layers lose the whole gradient; the fused one keeps it.',
  },
  'losses/label-smoothing': {
    draw: smoothingFigure,
    caption: 'A fifth of the target is spread evenly over five classes.',
  },
  'optim/sgd': {
    draw: valleyFigure,
    caption: 'All three with learning rate 0.03: momentum adds up what stays, along the valley.',
  },
  'optim/adam': {
    draw: adamFigure,
    caption:
      'A gradient a hundred times smaller leaves Adam’s way as it is (its two lines lie on each other), and all but stops plain descent. All with learning rate 0.1.',
  },
  'optim/adamw': {
    draw: decayFigure,
    caption:
      'Gradients that cancel should leave the weight to its decay. In Adam large ones hold the decay up; in AdamW they do not.',
  },
  'optim/schedules': { draw: schedulesFigure, caption: 'The share of the full learning rate at each of 200 steps.' },
  'gradcheck/numerical': {
    draw: stepFigure,
    caption:
      'To the right the step is too long for the curve, to the left too short for the digits. The central difference at 1e-5 in double precision is near the best there is; in single precision no step is good.',
  },
  slopes: {
    draw: slopesFigure,
    caption:
      'The slopes of the four activations, as their layers compute them. Right of 0 those of ELU and ReLU lie on each other.',
  },
  fused: {
    draw: fusedFigure,
    caption:
      'What the fused loss sends back for three samples. Rows sum to 0; the one that is sure and wrong pulls hardest.',
  },
};
