import { at, divide, exp, map, type NdArray, oneHot, Random, reshape, setAt, sum } from '../../array/index.js';
import { CrossEntropy } from '../../losses/cross-entropy.js';
import type { Loss } from '../../losses/loss.js';
import { SoftmaxCrossEntropy } from '../../losses/softmax-cross-entropy.js';
import { numericalElement } from './numeric.js';
import type { TestResult } from './observation.js';
import type { SubmissionClient } from './submission-client.js';
import { type TestCase, type TestKind, testCase } from './test-case.js';

/** Tests of losses. */

const dtype = 'float64';

/** How to test a loss. */
export interface GradedLoss {
  reference: () => Loss;
  /** Turns normally distributed values into inputs of the loss. */
  inputs: (normal: NdArray) => NdArray;
  /** Inputs for which a naive forward is not finite. */
  extreme: (normal: NdArray, targets: NdArray) => NdArray;
}

const CASES = [
  testCase({ sizes: { N: 3, C: 5 } }),
  testCase({ sizes: { N: 6, C: 4 }, name: 'another batch' }),
  testCase({ sizes: { N: 1, C: 2 }, name: 'a batch of one' }),
];

/** The losses by file. */
export const GRADED_LOSSES: Readonly<Record<string, GradedLoss>> = {
  'cross-entropy': {
    reference: () => new CrossEntropy(),
    inputs: probabilities,
    // The probability of the right class is 0.
    extreme: (_normal, targets) => {
      const C = targets.shape[1];
      return map(targets, (t) => (t === 1 ? 0 : 1 / (C - 1)));
    },
  },
  'softmax-cross-entropy': {
    reference: () => new SoftmaxCrossEntropy(),
    inputs: (normal) => normal,
    extreme: (normal) => map(normal, (value) => 1000 * value),
  },
};

const EXTREME = 'loss at extremes';

/** The cases of `forward`, and what each decides. */
export const LOSS_FORWARD: TestKind = {
  cases: [...CASES, { ...CASES[0], name: 'extremes', kind: 'extreme' }],
  aspects: (given) => [given.kind === 'extreme' ? EXTREME : 'loss'],
  needs: (aspect) => (aspect === EXTREME ? ['loss'] : []),
};

/** The cases of `backward`. */
export const LOSS_BACKWARD: TestKind = { cases: CASES, aspects: () => ['dx'] };

function probabilities(normal: NdArray): NdArray {
  const scores = exp(normal);
  return divide(scores, sum(scores, { axis: 1, keepDims: true }));
}

interface Batch {
  x: NdArray;
  targets: NdArray;
}

function batchOf(spec: GradedLoss, { sizes, seed, std, mean, kind }: TestCase): Batch {
  const rng = new Random(`${seed} loss ${JSON.stringify(sizes)}`);
  const labels = Array.from({ length: sizes.N }, () => Math.floor(rng.next() * sizes.C));
  const targets = oneHot(labels, sizes.C, dtype);
  const normal = rng.normal([sizes.N, sizes.C], { std, mean, dtype });
  return { x: kind === 'extreme' ? spec.extreme(normal, targets) : spec.inputs(normal), targets };
}

/** Tests `forward`. */
export async function testLoss(
  client: SubmissionClient,
  file: string,
  name: string,
  given: TestCase,
): Promise<TestResult[]> {
  const spec = GRADED_LOSSES[file];
  const { x, targets } = batchOf(spec, given);
  const want = asNumber(spec.reference().forward(x, targets));
  await client.make('loss', file, name, []);
  const { value, changed } = await client.call('loss', 'forward', [x, targets]);
  const [aspect] = LOSS_FORWARD.aspects(given);
  if (given.kind === 'extreme' && file === 'cross-entropy') return testClamp(client, aspect, given, x, targets, value);
  const found: TestResult[] = [{ aspect, array: 'loss', got: value, want, terms: { x, targets }, case: given }];
  if (changed) found.push({ aspect, problem: 'forward changes its arguments. It must not.', case: given });
  return found;
}

/**
 * A submission may choose where to clamp the logarithm. So the clamped value L is measured with probability 0 for the
 * right class in every row, and must occur again when this is so in the first row only, because the loss is a mean.
 */
async function testClamp(
  client: SubmissionClient,
  aspect: string,
  given: TestCase,
  x: NdArray,
  targets: NdArray,
  all: NdArray,
): Promise<TestResult[]> {
  const loss = all.size === 1 ? at(all, ...all.shape.map(() => 0)) : Number.NaN;
  if (!(Number.isFinite(loss) && loss > 10)) {
    const problem = `The loss is ${loss} where the probability of the right class is 0. Clamp the logarithm, because ln 0 = −∞.`;
    return [{ aspect, problem, case: given }];
  }
  const { N } = given.sizes;
  const mixed = map(targets, (t) => (t === 1 ? 0.5 : 0.5 / (given.sizes.C - 1)));
  for (let c = 0; c < given.sizes.C; c++) setAt(mixed, [0, c], at(x, 0, c));
  const want = asNumber((loss + (N - 1) * Math.LN2) / N);
  const { value } = await client.call('loss', 'forward', [mixed, targets]);
  return [{ aspect, array: 'loss', got: value, want, terms: { x: mixed, targets }, case: given }];
}

/** Tests `backward`. */
export async function testLossBackward(
  client: SubmissionClient,
  file: string,
  name: string,
  given: TestCase,
): Promise<TestResult[]> {
  const spec = GRADED_LOSSES[file];
  const { x, targets } = batchOf(spec, given);
  const right = spec.reference();
  right.forward(x, targets);
  const want = right.backward();
  await client.make('loss', file, name, []);
  await client.call('loss', 'forward', [x, targets]);
  const { value } = await client.call('loss', 'backward', []);
  const lossAt = (moved: NdArray) => spec.reference().forward(moved, targets);
  const numeric = (index: readonly number[]) => numericalElement(lossAt, x, index);
  return [{ aspect: 'dx', array: 'dx', got: value, want, numeric, terms: { x, targets }, case: given }];
}

/** A number as an array of shape (). */
export function asNumber(value: number): NdArray {
  return reshape(
    map(oneHot([0], 1, dtype), () => value),
    [],
  );
}
