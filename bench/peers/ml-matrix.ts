import { Matrix } from 'ml-matrix';
import { openByHand } from './by-hand.js';
import type { Operations } from './operations.js';
import { packageVersion, type Start } from './peer.js';

/** ml-matrix, whose matrices are of float64 alone: it does the float32 jobs with twice the bits. */
export const start: Start = (_args, data) => ({
  versions: { 'ml-matrix': packageVersion('ml-matrix') },
  open: (task) => openByHand(operations, task, data),
});

const isRow = (a: Matrix, b: Matrix): boolean => b.rows === 1 && a.rows > 1;

/** Applies a function to every element, in a new matrix. */
function map(a: Matrix, f: (value: number) => number): Matrix {
  const out = a.clone();
  return out.apply((i, j) => out.set(i, j, f(a.get(i, j))));
}

const operations: Operations<Matrix> = {
  array: (data, [rows, columns]) => {
    const a = new Matrix(rows, columns);
    return a.apply((i, j) => a.set(i, j, data[i * columns + j]));
  },
  numbers: (a) => a.to1DArray(),
  matmul: (a, b, transposed) => {
    if (transposed === 'a') return a.transposeMultiply(b);
    return a.mmul(transposed === 'b' ? b.transpose() : b);
  },
  add: (a, b) => (isRow(a, b) ? a.clone().addRowVector(b) : Matrix.add(a, b)),
  subtract: (a, b) => (isRow(a, b) ? a.clone().subRowVector(b) : Matrix.sub(a, b)),
  multiply: (a, b) => (isRow(a, b) ? a.clone().mulRowVector(b) : Matrix.mul(a, b)),
  divide: (a, b) => (isRow(a, b) ? a.clone().divRowVector(b) : Matrix.div(a, b)),
  scale: (a, factor) => Matrix.mul(a, factor),
  sqrt: (a, epsilon) => Matrix.add(a, epsilon).sqrt(),
  shift: (a, amount) => Matrix.add(a, amount),
  sumRows: (a) => Matrix.rowVector(a.sum('column')),
  elu: (x) => map(x, (value) => (value > 0 ? value : Math.expm1(value))),
  eluBackward: (x, dout) => map(x, (value) => (value > 0 ? 1 : Math.exp(value))).mul(dout),
  softmax: (logits) => {
    const shifted = logits.clone();
    for (let i = 0; i < logits.rows; i++) shifted.setRow(i, shifted.getRowVector(i).sub(logits.maxRow(i)));
    const exponentials = shifted.exp();
    return exponentials.divColumnVector(exponentials.sum('row'));
  },
  crossEntropy: (probs, targets) => -Matrix.mul(targets, Matrix.log(probs)).sum() / probs.rows,
  tidy: (make) => make(),
  release: () => {},
};
