import { map, multiply, type NdArray, ones, Random, sum, zipWith } from '../../array/index.js';
import type { TestResult } from './layer-tests.js';
import type { SubmissionClient } from './submission-client.js';
import type { TestCase } from './test-case.js';

/** Tests of dropout. The mask is random, so the tests read it from the output of the submission. */

const dtype = 'float64';

async function drop(
  client: SubmissionClient,
  file: string,
  { sizes, options, seed }: TestCase,
): Promise<{ x: NdArray; out: NdArray }> {
  await client.make('layer', file, 'Dropout', [Number(options.p ?? 0.4), { rng: { $random: `${seed} mask` } }]);
  if (options.evaluation) await client.tell('layer', 'eval');
  const x = map(new Random(`${seed} dropout`).normal([sizes.N, sizes.D], { dtype }), (v) => v + Math.sign(v) * 0.1);
  return { x, out: (await client.call('layer', 'forward', [x])).value };
}

/** Tests `forward`. */
export async function testDropout(client: SubmissionClient, file: string, given: TestCase): Promise<TestResult[]> {
  const p = Number(given.options.p ?? 0.4);
  const { x, out } = await drop(client, file, given);
  const terms = { x };
  if (given.options.evaluation) {
    return [{ aspect: 'out in evaluation', array: 'out', got: out, want: x, terms, case: given }];
  }
  if (out.shape.join() !== x.shape.join()) {
    return [{ aspect: 'out', array: 'out', got: out, want: x, terms, case: given }];
  }
  const kept = map(out, (value) => (value === 0 ? 0 : 1));
  const want = multiply(
    x,
    map(kept, (keep) => keep / (1 - p)),
  );
  const found: TestResult[] = [{ aspect: 'out', array: 'out', got: out, want, terms: { x, kept }, case: given }];
  const problem = problemOfKept(kept, p);
  if (problem) found.push({ aspect: 'out', problem, case: given });
  return found;
}

/** All zeros are consistent with a mask that drops everything, so the kept fraction must be near 1 − p. */
function problemOfKept(kept: NdArray, p: number): string | undefined {
  const share = sum(map(kept, (keep) => (keep === 0 ? 0 : 1))) / kept.size;
  if (Math.abs(share - (1 - p)) <= 5 * Math.sqrt((p * (1 - p)) / kept.size)) return undefined;
  return `${(100 * share).toFixed(0)}% of the values are kept. With p = ${p} it should be about ${(100 * (1 - p)).toFixed(0)}%.`;
}

/** Tests `backward` with the mask that the submission's own forward drew. */
export async function testDropoutBackward(
  client: SubmissionClient,
  file: string,
  given: TestCase,
): Promise<TestResult[]> {
  const p = Number(given.options.p ?? 0.4);
  const { x, out } = await drop(client, file, given);
  const dout = new Random(`${given.seed} dout`).normal(x.shape, { dtype });
  const { value } = await client.call('layer', 'backward', [dout]);
  const mask = given.options.evaluation ? ones(x.shape, dtype) : zipWith(out, x, (y) => (y === 0 ? 0 : 1 / (1 - p)));
  const want = multiply(dout, mask);
  const aspect = given.options.evaluation ? 'dx in evaluation' : 'dx';
  const problem = given.options.evaluation ? undefined : problemOfKept(mask, p);
  if (problem) return [{ aspect, problem, case: given }];
  return [{ aspect, array: 'dx', got: value, want, terms: { x, dout, mask }, case: given }];
}
