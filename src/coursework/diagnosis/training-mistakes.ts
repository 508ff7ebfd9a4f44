import { add, assign, map, matmul, type NdArray, negative, transpose } from '../../array/index.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Softmax } from '../../layers/softmax.js';
import { SoftmaxCrossEntropy } from '../../losses/softmax-cross-entropy.js';
import { SGD } from '../../optim/sgd.js';
import { asNumber } from '../grading/loss-tests.js';
import type { Observation, Terms } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';
import { tryFormula } from './matrix-mistakes.js';

/** Mistakes in the composition of networks and in the training step. */

/** The output of an MLP with the parameters in `terms` and its activations in the wrong places. */
function net(terms: Terms, activation: (values: NdArray, isLast: boolean) => NdArray): NdArray {
  const weights = Object.keys(terms).filter((name) => name.endsWith('.weight'));
  const scores = weights.reduce((values, name, i) => {
    const bias = terms[name.replace('.weight', '.bias')];
    return activation(add(matmul(values, transpose(terms[name])), bias), i === weights.length - 1);
  }, terms.x);
  return new Softmax().forward(scores);
}

const elu = (values: NdArray) => map(values, (v) => (v > 0 ? v : Math.expm1(v)));
const relu = (values: NdArray) => map(values, (v) => Math.max(v, 0));

const MLP: Hypothesis[] = [
  composition(
    'no activation',
    'There is no activation between the linear layers, so the network is linear.',
    (values) => values,
  ),
  composition(
    'activation at the end',
    'There is an activation after the last linear layer. Its outputs are the logits, so remove it.',
    elu,
  ),
  composition(
    'activation at the end',
    'There is an activation after the last linear layer. Its outputs are the logits, so remove it.',
    relu,
  ),
  composition(
    'activation not chosen',
    'This uses ELU although the option asks for relu. Use the option.',
    (values, isLast) => (isLast ? values : elu(values)),
  ),
];

function composition(id: string, text: string, activation: (values: NdArray, isLast: boolean) => NdArray): Hypothesis {
  return {
    id,
    text,
    candidate: ({ array, terms }) => (array === 'out' ? tryFormula(() => net(terms, activation)) : undefined),
  };
}

interface Simulated {
  losses: number[];
  gamma: NdArray;
  beta: NdArray;
}

interface Wrong {
  keepGradients?: boolean;
  ascend?: boolean;
  stepTwice?: boolean;
  lossAfter?: boolean;
  stepFirst?: boolean;
  noStep?: boolean;
}

/** The training steps of `terms`, with a mistake. */
function simulate({ firstGamma, firstBeta, ...terms }: Terms, wrong: Wrong): Simulated {
  const model = new LayerNorm(firstGamma.shape[0], { dtype: 'float64' });
  assign(model.gamma.value, firstGamma);
  assign(model.beta.value, firstBeta);
  const loss = new SoftmaxCrossEntropy();
  const optimizer = new SGD(model.parameters(), { learningRate: 0.1 });
  const losses: number[] = [];
  for (let step = 1; terms[`x${step}`]; step++) {
    const [x, targets] = [terms[`x${step}`], terms[`targets${step}`]];
    if (!wrong.keepGradients && !wrong.stepFirst) optimizer.zeroGrad();
    losses.push(loss.forward(model.forward(x), targets));
    if (wrong.stepFirst) {
      optimizer.step();
      optimizer.zeroGrad();
    }
    model.backward(wrong.ascend ? negative(loss.backward()) : loss.backward());
    if (!wrong.noStep && !wrong.stepFirst) optimizer.step();
    if (wrong.stepTwice) optimizer.step();
    if (wrong.lossAfter) losses[step - 1] = loss.forward(model.forward(x), targets);
  }
  return { losses, gamma: model.gamma.value, beta: model.beta.value };
}

const STEPS: [id: string, text: string, wrong: Wrong][] = [
  [
    'gradients not zeroed',
    'The gradients of earlier steps are still included. Call zeroGrad first.',
    { keepGradients: true },
  ],
  ['ascent', 'The parameters move in the direction of the gradient. They should move against it.', { ascend: true }],
  ['two updates', 'There are two updates per step.', { stepTwice: true }],
  [
    'update before backward',
    'The update comes before backward and uses the gradients of the previous step.',
    { stepFirst: true },
  ],
  [
    'no update',
    'The parameters have not changed. Is step() missing, or are the gradients zeroed before it?',
    { noStep: true },
  ],
  [
    'loss after the update',
    'This is the loss after the update. Return the loss of the forward pass before it.',
    { lossAfter: true },
  ],
];

const TRAIN_STEP: Hypothesis[] = STEPS.map(([id, text, wrong]) => ({
  id,
  text,
  candidate: (seen: Observation) => {
    const { losses, gamma, beta } = simulate(seen.terms, wrong);
    const loss = losses[losses.length - 1];
    if (seen.array === 'loss') return hasTwin(wrong, seen.terms, loss) ? undefined : asNumber(loss);
    return seen.array.startsWith('gamma') ? gamma : beta;
  },
}));

/** An update that comes too late and a missing update have the same loss in the second step. */
function hasTwin({ noStep, stepFirst }: Wrong, terms: Terms, loss: number): boolean {
  if (!noStep && !stepFirst) return false;
  return simulate(terms, { noStep: !noStep, stepFirst: !stepFirst }).losses.at(-1) === loss;
}

/** Mistakes by file. */
export const TRAINING_MISTAKES: Readonly<Record<string, readonly Hypothesis[]>> = {
  mlp: MLP,
  'train-step': TRAIN_STEP,
};
