import { assign, multiply, type NdArray, oneHot, Random, slice } from '../../../array/index.js';
import { MLP } from '../../../models/mlp.js';
import { distance, gradientOf, lengthOf, type Point } from '../measures/points.js';

/** How the losses of micro-batches are put together. */
export const WEIGHTINGS = {
  /** Each by its share of the samples: the loss of the one large batch. */
  share: (samples: number, total: number) => samples / total,
  /** Each by one over their number: wrong as soon as one is smaller. */
  mean: (_samples: number, _total: number, parts: number) => 1 / parts,
  /** Added up as they are: as many times too long as there are parts. */
  sum: () => 1,
} satisfies Record<string, (samples: number, total: number, parts: number) => number>;

export type Weighting = keyof typeof WEIGHTINGS;

/** One array of a net, and how far its gradient in parts is from that at once. */
export interface ArrayComparison {
  name: string;
  /** The distance of the two over the length of that at once; the distance itself where that is 0. */
  relative: number;
}

/** A comparison of gradients at once and in parts. */
export interface Comparison {
  norm: 'none' | 'layer' | 'batch';
  parts: readonly number[];
  weighting: Weighting;
  arrays: ArrayComparison[];
  /** The same of all arrays together. */
  relative: number;
}

/** The net and the batch that are compared, in float64. */
const NET = { inputs: 40, hidden: [32, 24], classes: 10 } as const;

/** The gradient of one batch, at once and cut into parts of the given sizes. */
export function compareGradients(norm: Comparison['norm'], parts: readonly number[], weighting: Weighting): Comparison {
  const samples = parts.reduce((total, part) => total + part, 0);
  const rng = new Random('accumulation');
  const x = rng.normal([samples, NET.inputs], { dtype: 'float64' });
  const targets = oneHot(
    Array.from({ length: samples }, () => Math.floor(rng.next() * NET.classes)),
    NET.classes,
    'float64',
  );
  const weights = { init: 'pytorch', logits: true, dtype: 'float64' } as const;
  const net = new MLP({ ...NET, ...weights, norm, rng: new Random('weights') });
  const whole = accumulated(net, x, targets, [samples], 'share');
  const cut = accumulated(net, x, targets, parts, weighting);
  const names = net.namedParameters().map(([name]) => name);
  const arrays = names.map((name, i) => ({ name, relative: relativeDistance([cut[i]], [whole[i]]) }));
  return { norm, parts, weighting, arrays, relative: relativeDistance(cut, whole) };
}

function accumulated(net: MLP, x: NdArray, targets: NdArray, parts: readonly number[], weighting: Weighting): Point {
  const loss = net.loss();
  for (const { grad } of net.parameters()) assign(grad, 0);
  let start = 0;
  for (const part of parts) {
    const [from, to] = [start, start + part];
    loss.forward(net.forward(slice(x, [from, to], null)), slice(targets, [from, to], null));
    net.backward(multiply(loss.backward(), WEIGHTINGS[weighting](part, x.shape[0], parts.length)));
    start = to;
  }
  return gradientOf(net.parameters());
}

function relativeDistance(a: Point, b: Point): number {
  return distance(a, b) / (lengthOf(b) || 1);
}
