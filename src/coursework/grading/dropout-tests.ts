import { map, multiply, type NdArray, ones, Random, sum, zipWith } from '../../array/index.js';
import type { TestResult } from './observation.js';
import type { SubmissionClient } from './submission-client.js';
import { type TestCase, type TestKind, testCase } from './test-case.js';

/** Tests of dropout. The mask is random, so the tests read it from the output of the submission. */

const dtype = 'float64';
const sizes = { N: 60, D: 50 };
const CASES = [
  testCase({ sizes, options: { p: 0.4 } }),
  testCase({ sizes, options: { p: 0.4, evaluation: true }, name: 'evaluation' }),
];

const kindOf = (array: string): TestKind => ({
  cases: CASES,
  aspects: (given) => [given.options.evaluation ? `${array} in evaluation` : array],
  // In evaluation the identity is right.
  needs: (aspect) => (aspect === array ? [] : [array]),
});

/** The cases of `forward`, and what each decides. */
export const DROPOUT_FORWARD = kindOf('out');
/** The cases of `backward`, and what each decides. */
export const DROPOUT_BACKWARD = kindOf('dx');

interface Dropped {
  x: NdArray;
  /** The outputs of two forwards. */
  outs: [NdArray, NdArray];
  p: number;
  /** Why the masks are wrong, in a sentence. */
  problem?: string;
}

async function drop(client: SubmissionClient, file: string, { sizes, options, seed }: TestCase): Promise<Dropped> {
  const p = Number(options.p ?? 0.4);
  await client.make('layer', file, 'Dropout', [p, { rng: { $random: `${seed} mask` } }]);
  if (options.evaluation) await client.tell('layer', 'eval');
  const x = map(new Random(`${seed} dropout`).normal([sizes.N, sizes.D], { dtype }), (v) => v + Math.sign(v) * 0.1);
  const first = (await client.call('layer', 'forward', [x])).value;
  const outs: [NdArray, NdArray] = [first, (await client.call('layer', 'forward', [x])).value];
  if (outs.some(({ shape }) => shape.join() !== x.shape.join()))
    return { x, outs, p, problem: 'forward returns an array that has not the shape of x.' };
  return { x, outs, p, problem: options.evaluation ? undefined : problemOf(outs.map(keptIn), p) };
}

const keptIn = (out: NdArray) => map(out, (value) => (value === 0 ? 0 : 1));

/** Why two masks cannot be independent draws that keep a value with probability 1 − p. */
function problemOf([a, b]: NdArray[], p: number): string | undefined {
  for (const kept of [a, b]) {
    const share = sum(kept) / kept.size;
    if (isUnlikely(share, 1 - p, kept.size)) {
      return `${(100 * share).toFixed(0)}% of the values are kept. With p = ${p} it should be about ${(100 * (1 - p)).toFixed(0)}%.`;
    }
  }
  if (isUnlikely(sum(multiply(a, b)) / a.size, (1 - p) ** 2, a.size)) {
    return 'Two forwards do not drop independent values. Draw a new mask in every forward.';
  }
  const lines = [a, b].flatMap((kept) => [...linesOf(kept, 0), ...linesOf(kept, 1)]);
  return lines.some(([share, size]) => isUnlikely(share, 1 - p, size))
    ? 'Whole rows or columns are kept or dropped. Draw every value of the mask on its own.'
    : undefined;
}

/** The kept share of each sum along an axis, and the number of values in it. */
function linesOf(kept: NdArray, axis: number): [share: number, size: number][] {
  const size = kept.shape[axis];
  const sums = sum(kept, { axis });
  return Array.from({ length: sums.size }, (_, i) => [sums.get(i) / size, size]);
}

/** Whether a share is so far from its expectation that chance does not explain it, not even once in a million. */
function isUnlikely(share: number, expected: number, count: number): boolean {
  return Math.abs(share - expected) > 6 * Math.sqrt((expected * (1 - expected)) / count) + 5 / count;
}

/** Tests `forward`. */
export async function testDropout(client: SubmissionClient, file: string, given: TestCase): Promise<TestResult[]> {
  const { x, outs, p, problem } = await drop(client, file, given);
  const [aspect] = DROPOUT_FORWARD.aspects(given);
  const found = outs.map((got): TestResult => {
    const kept = keptIn(got);
    const fits = got.shape.join() === x.shape.join();
    const want = given.options.evaluation || !fits ? x : zipWith(x, kept, (value, keep) => (value * keep) / (1 - p));
    return { aspect, array: 'out', got, want, terms: fits ? { x, kept } : { x }, case: given };
  });
  return problem ? [...found, { aspect, problem, case: given }] : found;
}

/** Tests `backward` with the mask that the submission's own last forward drew. */
export async function testDropoutBackward(
  client: SubmissionClient,
  file: string,
  given: TestCase,
): Promise<TestResult[]> {
  const { x, outs, p, problem } = await drop(client, file, given);
  const [aspect] = DROPOUT_BACKWARD.aspects(given);
  if (problem) return [{ aspect, problem, case: given }];
  const dout = new Random(`${given.seed} dout`).normal(x.shape, { dtype });
  const { value } = await client.call('layer', 'backward', [dout]);
  const mask = given.options.evaluation
    ? ones(x.shape, dtype)
    : zipWith(outs[1], x, (y) => (y === 0 ? 0 : 1 / (1 - p)));
  return [{ aspect, array: 'dx', got: value, want: multiply(dout, mask), terms: { x, dout, mask }, case: given }];
}
