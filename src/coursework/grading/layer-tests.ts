import { assign, copy, type NdArray, Random, shapeText, subtract } from '../../array/index.js';
import type { Layer } from '../../layers/layer.js';
import { namedArraysOf, namedParametersOf } from '../../layers/module.js';
import type { GradedLayer } from './graded-layer.js';
import { inputOf, referenceLayer } from './graded-layers.js';
import { numericalElement } from './numeric.js';
import type { Terms, TestResult } from './observation.js';
import type { SubmissionClient } from './submission-client.js';
import type { TestCase, TestKind } from './test-case.js';

/**
 * Tests of layers. The submission's layer and the reference layer get the same arrays, and their results are
 * compared.
 */

const dtype = 'float64';
/** The milliseconds for backward of a large batch. A formula takes a few, even with loops over single elements. */
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
/** Of equal values, which one gets the gradient is a rule of its own. */
const TIES = ' with ties';

/** The cases of `forward`, and what each decides. */
export function forwardKind({ cases, extremes, fields = [] }: GradedLayer): TestKind {
  const extreme: TestCase = { ...cases[0], name: 'x of ±1000', std: 1000, kind: 'extreme' };
  return {
    cases: extremes ? [...cases, extreme] : cases,
    aspects: (given) => [outOf(given), ...(given.options.evaluation ? [] : fields)],
    // Rounding gives the right out at ±1000, too.
    needs: (aspect) => (aspect === EXTREME ? ['out'] : []),
  };
}

const EXTREME = 'out at ±1000';
const outOf = (given: TestCase) => (given.kind === 'extreme' ? EXTREME : `out${mode(given)}`);

/** Tests `forward`. */
export async function testForward(
  client: SubmissionClient,
  file: string,
  name: string,
  spec: GradedLayer,
  given: TestCase,
): Promise<TestResult[]> {
  const { right, x, terms: all } = await pairOf(client, file, name, spec, given);
  // Where every value is 0 or 1, many mistakes give the same values. The other cases tell them apart.
  const terms = given.kind === 'extreme' ? {} : all;
  const aspect = outOf(given);
  const want = right.forward(x);
  const { value, changed } = await client.call('layer', 'forward', [x]);
  const found: TestResult[] = [{ aspect, array: 'out', got: value, want, terms, case: given }];
  if (changed) found.push({ aspect, problem: 'forward changes x. It must not.', case: given });
  const state = new Map(namedArraysOf(right));
  for (const field of given.options.evaluation ? [] : (spec.fields ?? [])) {
    const want = state.get(field);
    if (!want) continue;
    const got = await client.field('layer', field);
    found.push({ aspect: field, array: field, got, want, terms: { ...all, before: all[field] }, case: given });
  }
  return found;
}

/** The cases of `backward`, and what each decides. */
export function backwardKind(file: string, { cases, large, needsDx }: GradedLayer): TestKind {
  const sizes = { ...cases[0].sizes, ...large };
  const arraysOf = (given: TestCase) => namedParametersOf(referenceLayer(file, given)).map(([name]) => `d${name}`);
  return {
    cases: [...cases, { ...cases[0], name: 'a large batch', sizes, kind: 'large' }],
    aspects: (given) => ['dx', ...arraysOf(given)].map((array) => aspectOf(array, given)),
    needs: (aspect) => (aspect === `dx${TIES}` || (needsDx && aspect !== 'dx') ? ['dx'] : []),
  };
}

const aspectOf = (array: string, given: TestCase) => `${array}${mode(given)}${given.options.ties ? TIES : ''}`;

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
  const limit = given.kind === 'large' ? LARGE_LIMIT : undefined;
  const { value, changed } = await client.call('layer', 'backward', [dout], limit);
  const after = await client.get('layer', 'grad');
  const wants: Record<string, NdArray> = { dx: right.backward(dout) };
  for (const [name, { grad }] of parameters) wants[`d${name}`] = grad;

  const shared = { terms: { ...terms, dout }, case: given, siblings: wants };
  const aspect = (array: string) => aspectOf(array, given);
  // With ties there is no derivative to measure.
  const measured = (index: readonly number[]) => numericalElement((moved) => right.forward(moved), x, index, dout);
  const numeric = given.options.ties ? undefined : measured;
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
  return found;
}
