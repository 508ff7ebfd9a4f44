import { assign, copy, type NdArray, oneHot, Random } from '../../array/index.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { SoftmaxCrossEntropy } from '../../losses/softmax-cross-entropy.js';
import { MLP } from '../../models/mlp.js';
import { SGD } from '../../optim/sgd.js';
import { accuracy } from '../../training/metrics.js';
import { trainStep } from '../../training/train-step.js';
import type { WireValue } from '../sandbox/wire.js';
import { wireOf } from '../sandbox/wire-arrays.js';
import { asNumber } from './loss-tests.js';
import type { TestResult } from './observation.js';
import type { SubmissionClient } from './submission-client.js';
import { type TestCase, type TestKind, testCase } from './test-case.js';

/** Tests of the MLP, accuracy and the training step. */

const dtype = 'float64';

/** The networks that `MLP` has to build. */
const NETS: { aspect: string; changes: { hidden: number[]; activation?: 'relu' } }[] = [
  { aspect: 'one hidden layer', changes: { hidden: [5] } },
  { aspect: 'two hidden layers', changes: { hidden: [5, 7] } },
  { aspect: 'relu', changes: { hidden: [6], activation: 'relu' } },
  { aspect: 'no hidden layer', changes: { hidden: [] } },
];

/** The cases of `MLP`. One linear layer alone is right without a hidden layer, so the first net must be right. */
export const MLP_KIND: TestKind = {
  cases: [testCase({ sizes: { N: 3, D: 4, C: 2 } })],
  aspects: () => NETS.map(({ aspect }) => aspect),
  needs: (aspect) => (aspect === NETS[0].aspect ? [] : [NETS[0].aspect]),
};

/** Tests the layers of `MLP`: the number and shapes of the parameters, and the outputs. */
export async function testMlp(client: SubmissionClient, file: string, given: TestCase): Promise<TestResult[]> {
  const { N, D, C } = given.sizes;
  const found: TestResult[] = [];
  for (const { aspect, changes } of NETS) {
    const options = { inputs: D, classes: C, init: 'normal:1', dtype, ...changes } as const;
    const right = new MLP({ ...options, rng: new Random(given.seed) });
    const values = right.parameters().map(({ value }) => value);
    await client.make('net', file, 'MLP', [{ ...options, rng: { $random: given.seed } }]);
    const shapes = (arrays: readonly NdArray[]) => arrays.map(({ shape }) => `(${shape.join(', ')})`).join(' ');
    const own = shapes(await client.get('net', 'value'));
    if (own !== shapes(values)) {
      found.push({ aspect, problem: `The parameters have shapes ${own}. Expected ${shapes(values)}.`, case: given });
      continue;
    }
    await client.set('net', 'value', values);
    const x = new Random(`${given.seed} net`).normal([N, D], { dtype });
    const { value } = await client.call('net', 'forward', [x]);
    const terms: Record<string, NdArray> = { x };
    for (const [name, parameter] of right.namedParameters()) terms[name] = parameter.value;
    found.push({ aspect, array: 'out', got: value, want: right.forward(x), terms, case: given });
  }
  return found;
}

/** The cases of `accuracy`. */
export const ACCURACY_KIND: TestKind = {
  cases: [testCase({ sizes: { N: 17, C: 4 } }), testCase({ sizes: { N: 1, C: 3 }, name: 'a batch of one' })],
  aspects: () => ['accuracy'],
};

/** Tests `accuracy`. */
export async function testAccuracy(client: SubmissionClient, file: string, given: TestCase): Promise<TestResult[]> {
  const { N, C } = given.sizes;
  const rng = new Random(`${given.seed} accuracy`);
  const targets = oneHot(
    Array.from({ length: N }, () => Math.floor(rng.next() * C)),
    C,
    dtype,
  );
  const outputs = rng.normal([N, C], { dtype });
  const value = await client.apply(file, 'accuracy', [wireOf(outputs), wireOf(targets)]);
  const want = asNumber(accuracy(outputs, targets));
  return [{ aspect: 'accuracy', array: 'accuracy', got: value, want, terms: { x: outputs, targets }, case: given }];
}

/** The cases of the training step. */
export const STEP_KIND: TestKind = {
  cases: [testCase({ sizes: { N: 5, C: 4 } })],
  aspects: () => ['loss', 'update'],
};

/** Tests three steps of a network that is one LayerNorm: the losses, and the parameters at the end. */
export async function testTrainStep(client: SubmissionClient, file: string, given: TestCase): Promise<TestResult[]> {
  const { N, C } = given.sizes;
  const learningRate = 0.1;
  const rng = new Random(`${given.seed} step`);
  const model = new LayerNorm(C, { dtype });
  for (const { value } of model.parameters()) assign(value, rng.normal(value.shape, { dtype }));
  const first = model.parameters().map(({ value }) => copy(value));
  const [loss, optimizer] = [new SoftmaxCrossEntropy(), new SGD(model.parameters(), { learningRate })];
  await client.library('model', 'LayerNorm', [C, { dtype }]);
  await client.set('model', 'value', first);
  await client.library('loss', 'SoftmaxCrossEntropy', []);
  await client.library('optimizer', 'SGD', [{ $parameters: 'model' }, { learningRate }]);
  const found: TestResult[] = [];
  const terms: Record<string, NdArray> = { firstGamma: first[0], firstBeta: first[1] };
  for (let step = 1; step <= 3; step++) {
    const x = rng.normal([N, C], { dtype });
    const targets = oneHot(
      Array.from({ length: N }, () => Math.floor(rng.next() * C)),
      C,
      dtype,
    );
    Object.assign(terms, { [`x${step}`]: x, [`targets${step}`]: targets });
    const parts: WireValue[] = [{ $ref: 'model' }, { $ref: 'loss' }, { $ref: 'optimizer' }, wireOf(x), wireOf(targets)];
    const got = await client.apply(file, 'trainStep', parts);
    const want = asNumber(trainStep(model, loss, optimizer, x, targets));
    found.push({
      aspect: 'loss',
      array: 'loss',
      got,
      want,
      terms: { ...terms },
      case: { ...given, name: `step ${step}` },
    });
  }
  const values = await client.get('model', 'value');
  for (const [i, { name, value }] of model.parameters().entries()) {
    const array = `${name} after three steps`;
    found.push({ aspect: 'update', array, got: values[i], want: copy(value), terms, case: given });
  }
  return found;
}
