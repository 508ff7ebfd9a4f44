import { add, assign, map, matmul, type NdArray, negative, transpose } from '../../array/index.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Softmax } from '../../layers/softmax.js';
import { SoftmaxCrossEntropy } from '../../losses/softmax-cross-entropy.js';
import { SGD } from '../../optim/sgd.js';
import { asNumber } from '../grading/loss-tests.js';
import type { Observation, Terms } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';
import { tryFormula } from './matrix-mistakes.js';

/** Mistakes in the composition of nets, and in the step of training. */

/** What an MLP of the parameters in `terms` gives when its activations stand in the wrong places. */
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
  composition('no activation', 'no activation between the linear layers: the net is linear', (values) => values),
  composition('activation at the end', 'an activation follows the last linear layer too: its outputs are scores', elu),
  composition('activation at the end', 'an activation follows the last linear layer too: its outputs are scores', relu),
  composition('activation not chosen', 'ELU where relu was asked for: the option is ignored', (values, isLast) =>
    isLast ? values : elu(values),
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

/** The steps of `terms`, taken wrongly. */
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
    'the gradients of the steps before are still in: zeroGrad comes first',
    { keepGradients: true },
  ],
  ['ascent', 'uphill: the parameters move along the gradient', { ascend: true }],
  ['two updates', 'two updates a step', { stepTwice: true }],
  ['update before backward', 'updated before backward, by the gradients of the step before', { stepFirst: true }],
  [
    'no update',
    'the parameters have not moved: step() is missing, or the gradients are gone before it',
    { noStep: true },
  ],
  ['loss after the update', 'the loss after the update: it is that of the forward before', { lossAfter: true }],
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

/** An update that comes too late and one that never comes have the same loss in the second step. */
function hasTwin({ noStep, stepFirst }: Wrong, terms: Terms, loss: number): boolean {
  if (!noStep && !stepFirst) return false;
  return simulate(terms, { noStep: !noStep, stepFirst: !stepFirst }).losses.at(-1) === loss;
}

/** Mistakes by file. */
export const TRAINING_MISTAKES: Readonly<Record<string, readonly Hypothesis[]>> = {
  mlp: MLP,
  'train-step': TRAIN_STEP,
};
