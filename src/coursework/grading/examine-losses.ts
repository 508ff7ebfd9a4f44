import { at, copy, divide, exp, map, type NdArray, oneHot, Random, reshape, setAt, sum } from '../../array/index.js';
import { CrossEntropy } from '../../losses/cross-entropy.js';
import type { Loss } from '../../losses/loss.js';
import { SoftmaxCrossEntropy } from '../../losses/softmax-cross-entropy.js';
import { type Case, caseOf } from './cases.js';
import type { Found } from './examine.js';
import type { Lab } from './lab.js';

/** How losses are tried. */

const dtype = 'float64';
const STEP = 1e-5;

/** A loss as the grader knows it. */
export interface LossSubject {
  reference: () => Loss;
  /** Turns normal numbers into its inputs. */
  inputs: (normal: NdArray) => NdArray;
  /** The inputs at which a careless forward is not finite. */
  extreme: (normal: NdArray, targets: NdArray) => NdArray;
  cases: Case[];
}

const cases = [
  caseOf({ sizes: { N: 3, C: 5 } }),
  caseOf({ sizes: { N: 6, C: 4 }, name: 'another batch' }),
  caseOf({ sizes: { N: 1, C: 2 }, name: 'a batch of one' }),
];

/** The losses, by file. */
export const LOSSES: Readonly<Record<string, LossSubject>> = {
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

function batchOf(subject: LossSubject, { sizes, seed, std, mean }: Case, extreme = false): Batch {
  const rng = new Random(`${seed} loss ${JSON.stringify(sizes)}`);
  const labels = Array.from({ length: sizes.N }, () => Math.floor(rng.next() * sizes.C));
  const targets = oneHot(labels, sizes.C, dtype);
  const normal = rng.normal([sizes.N, sizes.C], { std, mean, dtype });
  return { x: extreme ? subject.extreme(normal, targets) : subject.inputs(normal), targets };
}

/** Tries `forward`: the loss, and with `extreme` only whether it is finite where a careless one is not. */
export async function examineLoss(
  lab: Lab,
  file: string,
  name: string,
  given: Case,
  extreme = false,
): Promise<Found[]> {
  const subject = LOSSES[file];
  const { x, targets } = batchOf(subject, given, extreme);
  const want = asNumber(subject.reference().forward(x, targets));
  await lab.make('loss', file, name, []);
  const { value, changed } = await lab.call('loss', 'forward', [x, targets]);
  const aspect = extreme ? 'loss at extremes' : 'loss';
  if (extreme && file === 'cross-entropy') return examineClamp(lab, aspect, given, x, targets, value);
  const found: Found[] = [{ aspect, array: 'loss', got: value, want, terms: { x, targets }, case: given }];
  if (changed) found.push({ aspect, problem: 'forward changes its arguments', case: given });
  return found;
}

/**
 * Where the logarithm is clamped is free, and what it then is, L, is measured where the truth has probability 0 in every row.
 * It must come back where that is so in the first row only: the loss is a mean.
 */
async function examineClamp(
  lab: Lab,
  aspect: string,
  given: Case,
  x: NdArray,
  targets: NdArray,
  all: NdArray,
): Promise<Found[]> {
  const loss = all.size === 1 ? at(all, ...all.shape.map(() => 0)) : Number.NaN;
  if (!(Number.isFinite(loss) && loss > 10)) {
    const problem = `the loss is ${loss} where the probability of the truth is 0: ln 0 needs a clamp`;
    return [{ aspect, problem, case: given }];
  }
  const { N } = given.sizes;
  const mixed = map(targets, (t) => (t === 1 ? 0.5 : 0.5 / (given.sizes.C - 1)));
  for (let c = 0; c < given.sizes.C; c++) setAt(mixed, [0, c], at(x, 0, c));
  const want = asNumber((loss + (N - 1) * Math.LN2) / N);
  const { value } = await lab.call('loss', 'forward', [mixed, targets]);
  return [{ aspect, array: 'loss', got: value, want, terms: { x: mixed, targets }, case: given }];
}

/** Tries `backward`. */
export async function examineLossBackward(lab: Lab, file: string, name: string, given: Case): Promise<Found[]> {
  const subject = LOSSES[file];
  const { x, targets } = batchOf(subject, given);
  const right = subject.reference();
  right.forward(x, targets);
  const want = right.backward();
  await lab.make('loss', file, name, []);
  await lab.call('loss', 'forward', [x, targets]);
  const { value, forwards } = await lab.call('loss', 'backward', []);
  const numeric = (index: readonly number[]) => {
    const [below, above] = [-STEP, STEP].map((step) => {
      const moved = copy(x);
      setAt(moved, index, at(x, ...index) + step);
      return subject.reference().forward(moved, targets);
    });
    return (above - below) / (2 * STEP);
  };
  const found: Found[] = [{ aspect: 'dx', array: 'dx', got: value, want, numeric, terms: { x, targets }, case: given }];
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
