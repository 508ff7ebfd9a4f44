import { at, copy, divide, exp, map, type NdArray, oneHot, Random, reshape, setAt, sum } from '../../array/index.js';
import { CrossEntropy } from '../../losses/cross-entropy.js';
import type { Loss } from '../../losses/loss.js';
import { SoftmaxCrossEntropy } from '../../losses/softmax-cross-entropy.js';
import type { TestResult } from './layer-tests.js';
import type { SubmissionClient } from './submission-client.js';
import { type TestCase, testCase } from './test-case.js';

/** How losses are tried. */

const dtype = 'float64';
const STEP = 1e-5;

/** A loss as the grader knows it. */
export interface GradedLoss {
  reference: () => Loss;
  /** Turns normal numbers into its inputs. */
  inputs: (normal: NdArray) => NdArray;
  /** The inputs at which a careless forward is not finite. */
  extreme: (normal: NdArray, targets: NdArray) => NdArray;
  cases: TestCase[];
}

const cases = [
  testCase({ sizes: { N: 3, C: 5 } }),
  testCase({ sizes: { N: 6, C: 4 }, name: 'another batch' }),
  testCase({ sizes: { N: 1, C: 2 }, name: 'a batch of one' }),
];

/** The losses, by file. */
export const GRADED_LOSSES: Readonly<Record<string, GradedLoss>> = {
  'cross-entropy': {
    reference: () => new CrossEntropy(),
    inputs: probabilities,
    // Certain of something else: the probability of the truth is 0.
    extreme: (_normal, targets) => {
      const C = targets.shape[1];
      return map(targets, (t) => (t === 1 ? 0 : 1 / (C - 1)));
    },
    cases,
  },
  'softmax-cross-entropy': {
    reference: () => new SoftmaxCrossEntropy(),
    inputs: (normal) => normal,
    extreme: (normal) => map(normal, (value) => 1000 * value),
    cases,
  },
};

function probabilities(normal: NdArray): NdArray {
  const scores = exp(normal);
  return divide(scores, sum(scores, { axis: 1, keepDims: true }));
}

interface Batch {
  x: NdArray;
  targets: NdArray;
}

function batchOf(spec: GradedLoss, { sizes, seed, std, mean }: TestCase, extreme = false): Batch {
  const rng = new Random(`${seed} loss ${JSON.stringify(sizes)}`);
  const labels = Array.from({ length: sizes.N }, () => Math.floor(rng.next() * sizes.C));
  const targets = oneHot(labels, sizes.C, dtype);
  const normal = rng.normal([sizes.N, sizes.C], { std, mean, dtype });
  return { x: extreme ? spec.extreme(normal, targets) : spec.inputs(normal), targets };
}

/** Tries `forward`: the loss, and with `extreme` only whether it is finite where a careless one is not. */
export async function testLoss(
  client: SubmissionClient,
  file: string,
  name: string,
  given: TestCase,
  extreme = false,
): Promise<TestResult[]> {
  const spec = GRADED_LOSSES[file];
  const { x, targets } = batchOf(spec, given, extreme);
  const want = asNumber(spec.reference().forward(x, targets));
  await client.make('loss', file, name, []);
  const { value, changed } = await client.call('loss', 'forward', [x, targets]);
  const aspect = extreme ? 'loss at extremes' : 'loss';
  if (extreme && file === 'cross-entropy') return testClamp(client, aspect, given, x, targets, value);
  const found: TestResult[] = [{ aspect, array: 'loss', got: value, want, terms: { x, targets }, case: given }];
  if (changed) found.push({ aspect, problem: 'forward changes its arguments', case: given });
  return found;
}

/**
 * Where the logarithm is clamped is free, and what it then is, L, is measured where the truth has probability 0 in every row.
 * It must come back where that is so in the first row only: the loss is a mean.
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
    const problem = `the loss is ${loss} where the probability of the truth is 0: ln 0 needs a clamp`;
    return [{ aspect, problem, case: given }];
  }
  const { N } = given.sizes;
  const mixed = map(targets, (t) => (t === 1 ? 0.5 : 0.5 / (given.sizes.C - 1)));
  for (let c = 0; c < given.sizes.C; c++) setAt(mixed, [0, c], at(x, 0, c));
  const want = asNumber((loss + (N - 1) * Math.LN2) / N);
  const { value } = await client.call('loss', 'forward', [mixed, targets]);
  return [{ aspect, array: 'loss', got: value, want, terms: { x: mixed, targets }, case: given }];
}

/** Tries `backward`. */
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
  const { value, forwards } = await client.call('loss', 'backward', []);
  const numeric = (index: readonly number[]) => {
    const [below, above] = [-STEP, STEP].map((step) => {
      const moved = copy(x);
      setAt(moved, index, at(x, ...index) + step);
      return spec.reference().forward(moved, targets);
    });
    return (above - below) / (2 * STEP);
  };
  const found: TestResult[] = [
    { aspect: 'dx', array: 'dx', got: value, want, numeric, terms: { x, targets }, case: given },
  ];
  if (forwards > 0) {
    found.push({ aspect: 'dx', problem: `backward calls forward ${forwards} times`, case: given });
  }
  return found;
}

/** A number as an array without axes. */
export function asNumber(value: number): NdArray {
  return reshape(
    map(oneHot([0], 1, dtype), () => value),
    [],
  );
}
