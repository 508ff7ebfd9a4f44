import ndarray, { type NdArray } from 'ndarray';
import gemm from 'ndarray-gemm';
import ops from 'ndarray-ops';
import { openByHand } from './by-hand.js';
import type { Operations } from './operations.js';
import { packageVersion, type Start } from './peer.js';

/** scijs as it comes: `ndarray-gemm` for the products and `ndarray-ops`, which does not broadcast, for the rest. */
export const start: Start = (_args, data) => ({
  versions: Object.fromEntries(['ndarray', 'ndarray-gemm', 'ndarray-ops'].map((name) => [name, packageVersion(name)])),
  open: (task) => openByHand(operations, task, data),
});

type A = NdArray<Float32Array | Float64Array>;

function empty([rows, columns]: readonly number[], like: A): A {
  const size = rows * columns;
  return ndarray(like.dtype === 'float64' ? new Float64Array(size) : new Float32Array(size), [rows, columns]);
}

const isRow = (a: A, b: A): boolean => b.shape[0] === 1 && a.shape[0] > 1;

/** Applies an element-wise operation to arrays of one shape, or row by row where b is a row. */
function pairwise(operation: (out: A, a: A, b: A) => unknown): (a: A, b: A) => A {
  return (a, b) => {
    const out = empty(a.shape, a);
    if (!isRow(a, b)) operation(out, a, b);
    else for (let i = 0; i < a.shape[0]; i++) operation(row(out, i), row(a, i), row(b, 0));
    return out;
  };
}

const row = (a: A, i: number): A => a.pick(i, null) as A;

/** min(x, 0), or its exponential: the one of ELU′, and of ELU where x is negative. */
function exponentialBelowZero(x: A): A {
  const out = empty(x.shape, x);
  ops.mins(out, x, 0);
  ops.expeq(out);
  return out;
}

const operations: Operations<A> = {
  array: (data, shape) => ndarray(data, [...shape]),
  numbers: (a) => a.data,
  matmul: (a, b, transposed) => {
    const left = transposed === 'a' ? a.transpose(1, 0) : a;
    const right = transposed === 'b' ? b.transpose(1, 0) : b;
    const out = empty([left.shape[0], right.shape[1]], a);
    gemm(out, left, right);
    return out;
  },
  add: pairwise(ops.add),
  subtract: pairwise(ops.sub),
  multiply: pairwise(ops.mul),
  divide: pairwise(ops.div),
  scale: (a, factor) => {
    const out = empty(a.shape, a);
    ops.muls(out, a, factor);
    return out;
  },
  sqrt: (a, epsilon) => {
    const out = empty(a.shape, a);
    ops.adds(out, a, epsilon);
    ops.sqrteq(out);
    return out;
  },
  shift: (a, amount) => {
    const out = empty(a.shape, a);
    ops.adds(out, a, amount);
    return out;
  },
  sumRows: (a) => {
    const out = empty([1, a.shape[1]], a);
    for (let i = 0; i < a.shape[0]; i++) ops.addeq(row(out, 0), row(a, i));
    return out;
  },
  elu: (x) => {
    const out = empty(x.shape, x);
    ops.maxs(out, x, 0);
    ops.addeq(out, exponentialBelowZero(x));
    ops.subseq(out, 1);
    return out;
  },
  eluBackward: (x, dout) => {
    const out = exponentialBelowZero(x);
    ops.muleq(out, dout);
    return out;
  },
  softmax: (logits) => {
    const out = empty(logits.shape, logits);
    for (let i = 0; i < logits.shape[0]; i++) {
      ops.subs(row(out, i), row(logits, i), ops.sup(row(logits, i)));
      ops.expeq(row(out, i));
      ops.divseq(row(out, i), ops.sum(row(out, i)));
    }
    return out;
  },
  crossEntropy: (probs, targets) => {
    const terms = empty(probs.shape, probs);
    ops.log(terms, probs);
    ops.muleq(terms, targets);
    return -ops.sum(terms) / probs.shape[0];
  },
  tidy: (make) => make(),
  release: () => {},
};
