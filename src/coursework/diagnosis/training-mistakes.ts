import { add, assign, map, matmul, type NdArray, negative, transpose } from '../../array/index.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Softmax } from '../../layers/softmax.js';
import { SoftmaxCrossEntropy } from '../../losses/softmax-cross-entropy.js';
import { SGD } from '../../optim/sgd.js';
import { asNumber } from '../grading/loss-tests.js';
import type { Observation, Terms } from '../grading/observation.js';
import { type Hypothesis, hypothesesOf, type MistakeTable } from './hypothesis.js';

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

const MLP: MistakeTable<Terms> = {
  'out | no activation | There is no activation between the linear layers, so the network is linear.': (terms) =>
    net(terms, (values) => values),
  'out | activation at the end | There is an activation after the last linear layer. Its outputs are the logits, so remove it.':
    [(terms) => net(terms, elu), (terms) => net(terms, relu)],
  'out | activation not chosen | This uses ELU although the option asks for relu. Use the option.': (terms) =>
    net(terms, (values, isLast) => (isLast ? values : elu(values))),
};

interface Simulated {
  losses: number[];
  gamma: NdArray;
  beta: NdArray;
}

type Wrong = 'keepGradients' | 'ascend' | 'stepTwice' | 'stepFirst' | 'noStep' | 'lossAfter';

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
    if (wrong !== 'keepGradients' && wrong !== 'stepFirst') optimizer.zeroGrad();
    losses.push(loss.forward(model.forward(x), targets));
    if (wrong === 'stepFirst') {
      optimizer.step();
      optimizer.zeroGrad();
    }
    model.backward(wrong === 'ascend' ? negative(loss.backward()) : loss.backward());
    if (wrong !== 'noStep' && wrong !== 'stepFirst') optimizer.step();
    if (wrong === 'stepTwice') optimizer.step();
    if (wrong === 'lossAfter') losses[step - 1] = loss.forward(model.forward(x), targets);
  }
  return { losses, gamma: model.gamma.value, beta: model.beta.value };
}

/** Mistakes in the training step, by name and explanation. */
const STEPS: Readonly<Record<string, Wrong>> = {
  'gradients not zeroed | The gradients of earlier steps are still included. Call zeroGrad first.': 'keepGradients',
  'ascent | The parameters move in the direction of the gradient. They should move against it.': 'ascend',
  'two updates | There are two updates per step.': 'stepTwice',
  'update before backward | The update comes before backward and uses the gradients of the previous step.': 'stepFirst',
  'no update | The parameters have not changed. Is step() missing, or are the gradients zeroed before it?': 'noStep',
  'loss after the update | This is the loss after the update. Return the loss of the forward pass before it.':
    'lossAfter',
};

const TRAIN_STEP = Object.entries(STEPS).map(([title, wrong]): Hypothesis => {
  const [id, text] = title.split(' | ');
  const candidate = ({ array, terms }: Observation) => {
    const { losses, gamma, beta } = simulate(terms, wrong);
    if (array === 'loss') return hasTwin(wrong, terms, losses) ? undefined : asNumber(losses[losses.length - 1]);
    return array.startsWith('gamma') ? gamma : beta;
  };
  return { id, text, candidate };
});

/** An update that comes too late and a missing update have the same loss in the second step. */
function hasTwin(wrong: Wrong, terms: Terms, losses: readonly number[]): boolean {
  if (wrong !== 'noStep' && wrong !== 'stepFirst') return false;
  return simulate(terms, wrong === 'noStep' ? 'stepFirst' : 'noStep').losses.at(-1) === losses.at(-1);
}

/** Mistakes by file. */
export const TRAINING_MISTAKES = {
  mlp: hypothesesOf(({ terms }) => terms, MLP),
  'train-step': TRAIN_STEP,
};
