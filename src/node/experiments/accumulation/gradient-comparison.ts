import { assign, multiply, type NdArray, oneHot, Random, slice } from '../../../array/index.js';
import { MLP } from '../../../models/mlp.js';
import { distance, gradientOf, lengthOf, type ParameterVector } from '../measures/parameter-vectors.js';

/** How the losses of micro-batches are combined. */
export const WEIGHTINGS = {
  /** Each is weighted by its fraction of the samples. This gives the loss of the one large batch. */
  share: (samples: number, total: number) => samples / total,
  /** Each is divided by the number of micro-batches. This is wrong as soon as one of them is smaller. */
  mean: (_samples: number, _total: number, parts: number) => 1 / parts,
  /** They are added up. This is wrong by a factor of the number of micro-batches. */
  sum: () => 1,
} satisfies Record<string, (samples: number, total: number, parts: number) => number>;

export type Weighting = keyof typeof WEIGHTINGS;

/** The relative distance of the two gradients of one array. */
export interface ArrayComparison {
  name: string;
  /**
   * The distance of the accumulated gradient from that of the large batch, divided by the length of the latter unless
   * it is 0.
   */
  relative: number;
}

/** A comparison of the gradient of one batch with the accumulated gradient of its micro-batches. */
export interface GradientComparison {
  norm: 'none' | 'layer' | 'batch';
  parts: readonly number[];
  weighting: Weighting;
  arrays: ArrayComparison[];
  /** The relative distance of all arrays together. */
  relative: number;
}

/** The net of the comparison, in float64. */
const NET = { inputs: 40, hidden: [32, 24], classes: 10 } as const;

/**
 * Compares the gradient of one batch with the accumulated gradient of its micro-batches.
 *
 * @param parts the sizes of the micro-batches
 */
export function compareGradients(
  norm: GradientComparison['norm'],
  parts: readonly number[],
  weighting: Weighting,
): GradientComparison {
  const samples = parts.reduce((total, part) => total + part, 0);
  const rng = new Random('accumulation');
  const x = rng.normal([samples, NET.inputs], { dtype: 'float64' });
  const targets = oneHot(
    Array.from({ length: samples }, () => Math.floor(rng.next() * NET.classes)),
    NET.classes,
    'float64',
  );
  const options = { init: 'pytorch', logits: true, dtype: 'float64' } as const;
  const net = new MLP({ ...NET, ...options, norm, rng: new Random('weights') });
  const whole = accumulatedGradient(net, x, targets, [samples], 'share');
  const cut = accumulatedGradient(net, x, targets, parts, weighting);
  const names = net.namedParameters().map(([name]) => name);
  const arrays = names.map((name, i) => ({ name, relative: relativeDistance([cut[i]], [whole[i]]) }));
  return { norm, parts, weighting, arrays, relative: relativeDistance(cut, whole) };
}

function accumulatedGradient(
  net: MLP,
  x: NdArray,
  targets: NdArray,
  parts: readonly number[],
  weighting: Weighting,
): ParameterVector {
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

function relativeDistance(a: ParameterVector, b: ParameterVector): number {
  return distance(a, b) / (lengthOf(b) || 1);
}
