import * as np from 'numpy-ts';
import { openByHand } from './by-hand.js';
import type { Operations } from './operations.js';
import { packageVersion, type Start } from './peer.js';
import { matmulTransposed } from './transposes.js';

/**
 * numpy-ts. Its fast product wants both operands row after row, so transposed ones are copied; and its WebAssembly
 * heap is raised to hold the larger net, since results beyond it fall to slow arrays for good.
 */
export const start: Start = (_args, data) => {
  np.configureWasm({ maxMemory: 2 ** 31 - 2 ** 16, scratchSize: 2 ** 27 });
  return { versions: { 'numpy-ts': packageVersion('numpy-ts') }, open: (task) => openByHand(operations, task, data) };
};

type A = np.NDArray;

/** The arrays made in the `tidy` in progress, to be freed by it: the heap's own garbage collection comes too late. */
let made: A[] | undefined;

const kept = (a: np.NDArrayCore): A => {
  made?.push(a as A);
  return a as A;
};

const product = (a: A, b: A): A => kept(np.matmul(a, b));
const transpose = (a: A): A => kept(np.ascontiguousarray(np.transpose(a)));

const operations: Operations<A> = {
  array: (data, shape) => {
    const a = np.zeros([...shape], data instanceof Float32Array ? 'float32' : 'float64');
    (a.data as typeof data).set(data);
    return a as A;
  },
  numbers: (a) => a.data as Float32Array,
  matmul: (a, b, transposed) =>
    transposed === undefined ? product(a, b) : matmulTransposed(a, b, transposed, { multiply: product, transpose }),
  add: (a, b) => kept(np.add(a, b)),
  subtract: (a, b) => kept(np.subtract(a, b)),
  multiply: (a, b) => kept(np.multiply(a, b)),
  divide: (a, b) => kept(np.divide(a, b)),
  scale: (a, factor) => kept(np.multiply(a, factor)),
  sqrt: (a, epsilon) => kept(np.sqrt(kept(np.add(a, epsilon)))),
  shift: (a, amount) => kept(np.add(a, amount)),
  sumRows: (a) => kept(np.sum(a, 0, true) as A),
  elu: (x) => kept(np.add(kept(np.maximum(x, 0)), kept(np.expm1(kept(np.minimum(x, 0)))))),
  eluBackward: (x, dout) => kept(np.multiply(dout, kept(np.exp(kept(np.minimum(x, 0)))))),
  softmax: (logits) => {
    const shifted = kept(np.subtract(logits, kept(np.max(logits, 1, true) as A)));
    const exponentials = kept(np.exp(shifted));
    return kept(np.divide(exponentials, kept(np.sum(exponentials, 1, true) as A)));
  },
  crossEntropy: (probs, targets) => {
    const terms = kept(np.multiply(targets, kept(np.log(probs))));
    return -Number(np.sum(terms)) / probs.shape[0];
  },
  tidy: (make) => {
    made = [];
    const results = new Set(make());
    for (const array of made) if (!results.has(array)) array.dispose();
    made = undefined;
    return [...results];
  },
  release: (arrays) => {
    for (const array of arrays) array.dispose();
  },
};
