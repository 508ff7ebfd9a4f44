import { assign, copy, type NdArray, Random, shapeText, subtract } from '../../array/index.js';
import type { Layer } from '../../layers/layer.js';
import { namedArraysOf, namedParametersOf } from '../../layers/module.js';
import { type GradedLayer, inputOf, referenceLayer } from './graded-layers.js';
import { numericalElement } from './numeric.js';
import type { Observation, Problem, Terms } from './observation.js';
import type { SubmissionClient } from './submission-client.js';
import type { TestCase } from './test-case.js';

/**
 * Tests of layers. The submission's layer and the reference layer get the same arrays, and their results are
 * compared.
 */

/** What a test produces: arrays to compare, or a problem in a sentence. */
export type TestResult = Observation | Problem;

const dtype = 'float64';
/** For the large size, backward takes milliseconds with a formula and many seconds with finite differences. */
const LARGE_LIMIT = 2500;

interface Pair {
  right: Layer;
  x: NdArray;
  rng: Random;
  terms: Terms;
}

/** Makes the submission's layer and the reference layer with the same random parameters, and an input x. */
async function pairOf(
  client: SubmissionClient,
  file: string,
  name: string,
  spec: GradedLayer,
  given: TestCase,
): Promise<Pair> {
  const rng = new Random(`${given.seed} parameters ${JSON.stringify(given.sizes)}`);
  const right = referenceLayer(file, given);
  for (const { value } of right.parameters()) assign(value, rng.normal(value.shape, { dtype }));
  await client.make('layer', file, name, spec.args(given));
  await client.set(
    'layer',
    'value',
    right.parameters().map(({ value }) => value),
  );
  const x = inputOf(spec, given);
  const terms: Record<string, NdArray> = { x };
  for (const [name, { value }] of namedParametersOf(right)) terms[name] = value;
  if (given.options.evaluation) await toEvaluation(client, right, x, rng, spec.fields);
  for (const [name, value] of namedArraysOf(right)) terms[name] = copy(value);
  return { right, x, rng, terms };
}

/** Moves the running statistics away from 0 and 1 before evaluation. Their update has its own test. */
async function toEvaluation(
  client: SubmissionClient,
  right: Layer,
  x: NdArray,
  rng: Random,
  fields: readonly string[] = [],
): Promise<void> {
  for (let i = 0; i < 2; i++) right.forward(rng.normal(x.shape, { mean: 1, std: 3, dtype }));
  right.eval();
  await client.tell('layer', 'eval');
  const state = new Map(namedArraysOf(right));
  for (const field of fields) {
    const value = state.get(field);
    if (value) await client.setField('layer', field, value);
  }
}

const mode = (given: TestCase) => (given.options.evaluation ? ' in evaluation' : '');

/** Tests `forward`. */
export async function testForward(
  client: SubmissionClient,
  file: string,
  name: string,
  spec: GradedLayer,
  given: TestCase,
): Promise<TestResult[]> {
  const { right, x, terms } = await pairOf(client, file, name, spec, given);
  const aspect = `out${mode(given)}`;
  const want = right.forward(x);
  const { value, changed } = await client.call('layer', 'forward', [x]);
  const found: TestResult[] = [{ aspect, array: 'out', got: value, want, terms, case: given }];
  if (changed) found.push({ aspect, problem: 'forward changes x. It must not.', case: given });
  if (!given.options.evaluation) {
    const state = new Map(namedArraysOf(right));
    for (const field of spec.fields ?? []) {
      const want = state.get(field);
      if (!want) continue;
      const got = await client.field('layer', field);
      found.push({ aspect: field, array: field, got, want, terms: { ...terms, before: terms[field] }, case: given });
    }
  }
  return found;
}

/** Tests `forward` where exponentials overflow. */
export async function testExtremes(
  client: SubmissionClient,
  file: string,
  name: string,
  spec: GradedLayer,
): Promise<TestResult[]> {
  const [base] = spec.cases;
  const given: TestCase = { ...base, name: 'x of ±1000', std: 1000 };
  const { right, x } = await pairOf(client, file, name, spec, given);
  const { value } = await client.call('layer', 'forward', [x]);
  // Without terms: where every value is 0 or 1, many mistakes give the same values. The other cases tell them apart.
  return [{ aspect: 'out at ±1000', array: 'out', got: value, want: right.forward(x), terms: {}, case: given }];
}

/** Tests `backward`: dx, and what it adds to the gradient of each parameter. */
export async function testBackward(
  client: SubmissionClient,
  file: string,
  name: string,
  spec: GradedLayer,
  given: TestCase,
): Promise<TestResult[]> {
  const { right, x, rng, terms } = await pairOf(client, file, name, spec, given);
  const parameters = namedParametersOf(right);
  const dout = rng.normal(right.forward(x).shape, { dtype });
  const before = parameters.map(([, { grad }]) => rng.normal(grad.shape, { dtype }));
  await client.set('layer', 'grad', before);
  await client.call('layer', 'forward', [x]);
  const { value, forwards, changed } = await client.call('layer', 'backward', [dout]);
  const after = await client.get('layer', 'grad');
  const wants: Record<string, NdArray> = { dx: right.backward(dout) };
  for (const [name, { grad }] of parameters) wants[`d${name}`] = grad;

  const shared = { terms: { ...terms, dout }, case: given, siblings: wants };
  const aspect = (array: string) => `${array}${mode(given)}`;
  const numeric = (index: readonly number[]) => numericalElement((moved) => right.forward(moved), x, index, dout);
  const numericOf = (value: NdArray) => (index: readonly number[]) => {
    const original = copy(value);
    const outputAt = (moved: NdArray) => {
      assign(value, moved);
      return right.forward(x);
    };
    try {
      return numericalElement(outputAt, original, index, dout);
    } finally {
      assign(value, original);
    }
  };
  const found: TestResult[] = [{ aspect: aspect('dx'), array: 'dx', got: value, want: wants.dx, numeric, ...shared }];
  for (const [i, [name, parameter]] of parameters.entries()) {
    const array = `d${name}`;
    const fits = after[i] !== undefined && shapeText(after[i].shape) === shapeText(before[i].shape);
    const got = fits ? subtract(after[i], before[i]) : (after[i] ?? before[i]);
    const rest = { numeric: numericOf(parameter.value), start: before[i] };
    found.push({ aspect: aspect(array), array, got, want: wants[array], ...rest, ...shared });
  }
  if (changed) found.push({ aspect: aspect('dx'), problem: 'backward changes dout. It must not.', case: given });
  if (forwards > 0) found.push(...Object.keys(wants).map((array) => numericalProblem(aspect(array), forwards, given)));
  return found;
}

function numericalProblem(aspect: string, forwards: number, given: TestCase): Problem {
  const times = forwards === 1 ? 'once' : `${forwards} times`;
  return {
    aspect,
    problem: `backward calls forward ${times}. Finite differences are not allowed here: use the formula of the gradient.`,
    case: given,
  };
}

/**
 * Tests the time of `backward` on a batch so large that numerical differentiation is slow. Other tests check its
 * values.
 */
export async function testSpeed(
  client: SubmissionClient,
  file: string,
  name: string,
  spec: GradedLayer,
): Promise<TestResult[]> {
  const [base] = spec.cases;
  const given: TestCase = { ...base, name: 'a large batch', sizes: { ...base.sizes, ...spec.large } };
  const { right, x } = await pairOf(client, file, name, spec, given);
  const dout = new Random(given.seed).normal(right.forward(x).shape, { dtype });
  await client.call('layer', 'forward', [x]);
  await client.call('layer', 'backward', [dout], LARGE_LIMIT);
  return [];
}
