import type { NdArray, Pair, ReduceOptions, Shape, WindowOptions } from '../array/index.js';
import * as np from '../array/index.js';

/**
 * A small tape: reverse-mode automatic differentiation over the functions of `array/`. Each function below computes its
 * value at once, and records its inputs and one rule: how the gradient of its output becomes the gradients of its
 * inputs. `gradients` walks the records from the loss back to the start and adds up what arrives.
 *
 * The layers of this library do not use it. It is an independent witness for the gradients that are written by hand.
 */
export class Variable {
  /** The number of operations on the longest way from a start to here: every input has a smaller one. */
  readonly depth: number;

  /**
   * Records one operation.
   *
   * @param value the result of the operation
   * @param inputs the variables that it was computed from; none for a start
   * @param backward dout, of the shape of `value`, to one gradient per input
   */
  constructor(
    readonly value: NdArray,
    readonly inputs: readonly Variable[] = [],
    readonly backward: (dout: NdArray) => readonly NdArray[] = () => [],
  ) {
    np.assertArray('Variable', 'value', value);
    this.depth = 1 + Math.max(-1, ...inputs.map(({ depth }) => depth));
  }
}

/** What the functions of the tape take. Arrays and numbers are constants. */
export type TapeOperand = Variable | NdArray | number;

/**
 * A start of the tape: an array whose gradient you want.
 *
 * @param x any shape; it is not copied, so do not change it before `gradients`
 * @throws TypeError if x is not an ndarray of floats
 */
export function variable(x: NdArray): Variable {
  np.assertArray('variable', 'x', x);
  return new Variable(x);
}

/**
 * The gradients of a loss with respect to some variables.
 *
 * @param loss a variable with one element
 * @param of the variables
 * @returns one array per variable, of its shape and dtype; zeros where the loss does not depend on it
 * @throws ShapeError if the loss has more or fewer elements than one
 * @throws TypeError for anything that is not a variable
 */
export function gradients(loss: Variable, of: readonly Variable[]): NdArray[] {
  assertVariable('loss', loss);
  np.assertList('gradients', 'the variables', of, '[x]');
  for (const [i, x] of of.entries()) assertVariable(`variable ${i}`, x);
  if (loss.value.size !== 1) {
    const shape = np.shapeText(loss.value.shape);
    throw new np.ShapeError(`gradients: expected a loss with one element, got ${shape}; sum it first`);
  }
  const found = new Map([[loss, np.full(loss.value.shape, 1, loss.value.dtype)]]);
  for (const output of deepestFirst(loss)) {
    const dout = found.get(output);
    if (!dout) continue;
    for (const [i, dinput] of output.backward(dout).entries()) {
      const input = output.inputs[i];
      const before = found.get(input);
      found.set(input, before ? np.add(before, dinput) : dinput); // used twice: the gradients add up
    }
  }
  return of.map((x) => np.copy(found.get(x) ?? np.zerosLike(x.value)));
}

/** Everything that the loss depends on. A variable comes after all that were computed from it. */
function deepestFirst(loss: Variable): Variable[] {
  const seen = new Set([loss]);
  for (const { inputs } of seen) for (const input of inputs) seen.add(input); // a Set visits what is added meanwhile
  return [...seen].sort((a, b) => b.depth - a.depth);
}

function assertVariable(name: string, x: unknown): void {
  if (!(x instanceof Variable)) throw new TypeError(`gradients: expected ${name} to be a Variable; see variable(x)`);
}

/** An operand of a call as a variable. A number takes the dtype of the other operand. */
function lift(call: string, x: TapeOperand, other?: TapeOperand): Variable {
  if (x instanceof Variable) return x;
  if (typeof x !== 'number') {
    np.assertArray(call, 'the operand', x);
    return new Variable(x);
  }
  const like = other instanceof Variable ? other.value : other;
  return new Variable(np.full([], x, typeof like === 'object' ? like.dtype : 'float64'));
}

/** The transpose of broadcasting is summing: dout, summed over every axis along which x was repeated. */
function unbroadcast(dout: NdArray, { value }: Variable): NdArray {
  const added = dout.shape.length - value.shape.length;
  const repeated = [...dout.shape.keys()].filter((i) => i < added || value.shape[i - added] !== dout.shape[i]);
  return repeated.length === 0 ? dout : np.reshape(np.sum(dout, { axis: repeated, keepDims: true }), value.shape);
}

/** An operation on two operands that broadcast. `rule` gives both gradients in the shape of the output. */
function binary(
  call: string,
  forward: (a: NdArray, b: NdArray) => NdArray,
  rule: (dout: NdArray, a: NdArray, b: NdArray) => readonly [NdArray, NdArray],
) {
  return (left: TapeOperand, right: TapeOperand): Variable => {
    const [a, b] = [lift(call, left, right), lift(call, right, left)];
    return new Variable(forward(a.value, b.value), [a, b], (dout) => {
      const [da, db] = rule(dout, a.value, b.value);
      return [unbroadcast(da, a), unbroadcast(db, b)];
    });
  };
}

/** An operation on each element. `slope` gives the derivative from the input and the output. */
function unary(call: string, forward: (x: NdArray) => NdArray, slope: (x: NdArray, out: NdArray) => NdArray) {
  return (operand: TapeOperand): Variable => {
    const x = lift(call, operand);
    const out = forward(x.value);
    return new Variable(out, [x], (dout) => [np.multiply(dout, slope(x.value, out))]);
  };
}

/** a + b, with broadcasting. */
export const add: (a: TapeOperand, b: TapeOperand) => Variable = binary('add', np.add, (dout) => [dout, dout]);
/** a − b, with broadcasting. */
export const subtract: (a: TapeOperand, b: TapeOperand) => Variable = binary('subtract', np.subtract, (dout) => [
  dout,
  np.negative(dout),
]);
/** a · b for each element, with broadcasting. */
export const multiply: (a: TapeOperand, b: TapeOperand) => Variable = binary('multiply', np.multiply, (dout, a, b) => [
  np.multiply(dout, b),
  np.multiply(dout, a),
]);
/** a / b for each element, with broadcasting. */
export const divide: (a: TapeOperand, b: TapeOperand) => Variable = binary('divide', np.divide, (dout, a, b) => {
  const da = np.divide(dout, b);
  return [da, np.negative(np.multiply(da, np.divide(a, b)))];
});
/** The larger of a and b, with broadcasting. At a tie, each gets half of the gradient, as in PyTorch. */
export const maximum: (a: TapeOperand, b: TapeOperand) => Variable = binary('maximum', np.maximum, (dout, a, b) => {
  const share = np.zipWith(...sameShape(a, b), (x, y) => (x > y ? 1 : x < y ? 0 : 0.5));
  return [np.multiply(dout, share), np.multiply(dout, np.subtract(1, share))];
});

function sameShape(a: NdArray, b: NdArray): [NdArray, NdArray] {
  const shape = np.broadcastShapes(a.shape, b.shape);
  return [np.broadcastTo(a, shape), np.broadcastTo(b, shape)];
}

/** eˣ for each element. */
export const exp: (x: TapeOperand) => Variable = unary('exp', np.exp, (_, out) => out);
/** The natural logarithm of each element. */
export const log: (x: TapeOperand) => Variable = unary('log', np.log, (x) => np.divide(1, x));
/** The square root of each element. */
export const sqrt: (x: TapeOperand) => Variable = unary('sqrt', np.sqrt, (_, out) => np.divide(0.5, out));
/** The hyperbolic tangent of each element. */
export const tanh: (x: TapeOperand) => Variable = unary('tanh', np.tanh, (_, out) => np.subtract(1, np.square(out)));

/** The matrix product of a, (N, D), and b, (D, M): an (N, M) variable. */
export function matmul(left: Variable | NdArray, right: Variable | NdArray): Variable {
  const [a, b] = [lift('matmul', left), lift('matmul', right)];
  return new Variable(np.matmul(a.value, b.value), [a, b], (dout) => [
    np.matmul(dout, np.transpose(b.value)), // (N, D)
    np.matmul(np.transpose(a.value), dout), // (D, M)
  ]);
}

/** The sum of all elements, or along the given axes. The options are those of `sum` on arrays. */
export function sum(operand: Variable | NdArray, options: ReduceOptions = {}): Variable {
  const { axis, keepDims = false, ...others } = np.checkedOptions('sum', options);
  np.assertNoMoreOptions('sum', others);
  const x = lift('sum', operand);
  const { shape } = x.value;
  const axes = axis === undefined ? [...shape.keys()] : [axis].flat().map((i) => (i < 0 ? i + shape.length : i));
  const kept = axes.length === 0 ? np.copy(x.value) : np.sum(x.value, { axis: axes, keepDims: true });
  const outShape = keepDims ? kept.shape : shape.filter((_, i) => !axes.includes(i));
  return new Variable(np.reshape(kept, outShape), [x], (dout) => [
    np.copy(np.broadcastTo(np.reshape(dout, kept.shape), shape)),
  ]);
}

/** The mean of all elements, or along the given axes: the sum, divided by the number of elements in it. */
export function mean(operand: Variable | NdArray, options: ReduceOptions = {}): Variable {
  const x = lift('mean', operand);
  const total = sum(x, np.checkedOptions('mean', options));
  return divide(total, x.value.size / total.value.size);
}

/** The largest elements along one axis. Those that are equal share the gradient, as with PyTorch's `amax`. */
export function max(operand: Variable | NdArray, options: { axis: number; keepDims?: boolean }): Variable {
  const { axis, keepDims = false, ...others } = np.checkedOptions('max', options);
  np.assertNoMoreOptions('max', others);
  const x = lift('max', operand);
  const largest = np.max(x.value, { axis, keepDims: true });
  const isLargest = np.zipWith(...sameShape(x.value, largest), (value, most) => (value === most ? 1 : 0));
  const share = np.divide(isLargest, np.sum(isLargest, { axis, keepDims: true }));
  return new Variable(keepDims ? largest : np.max(x.value, { axis }), [x], (dout) => [
    np.multiply(np.reshape(dout, largest.shape), share),
  ]);
}

/** The same elements in another shape. */
export function reshape(operand: Variable | NdArray, shape: Shape): Variable {
  const x = lift('reshape', operand);
  return new Variable(np.reshape(x.value, shape), [x], (dout) => [np.reshape(dout, x.value.shape)]);
}

/** The axes in another order. Default: reversed. */
export function transpose(operand: Variable | NdArray, axes?: readonly number[]): Variable {
  const x = lift('transpose', operand);
  const order = axes ?? [...x.value.shape.keys()].reverse();
  const back = [...order.keys()].map((i) => order.findIndex((from) => (from + order.length) % order.length === i));
  return new Variable(np.transpose(x.value, order), [x], (dout) => [np.transpose(dout, back)]);
}

/** Variables one after the other along an axis. */
export function concatenate(operands: readonly (Variable | NdArray)[], axis = 0): Variable {
  np.assertList('concatenate', 'the operands', operands, '[a, b]');
  const xs = operands.map((x) => lift('concatenate', x));
  const out = np.concatenate(
    xs.map(({ value }) => value),
    axis,
  );
  const along = (axis + out.shape.length) % out.shape.length;
  return new Variable(out, xs, (dout) => {
    let end = 0;
    return xs.map(({ value: { shape } }) => {
      const start = end;
      end += shape[along];
      return np.slice(dout, ...shape.map((_, i): [number, number] | null => (i === along ? [start, end] : null)));
    });
  });
}

/** The windows of images, (N, C, H, W), as the columns of a matrix. Folding is the transpose. */
export function unfold(operand: Variable | NdArray, kernelSize: Pair, options: WindowOptions = {}): Variable {
  const x = lift('unfold', operand);
  const [, , H, W] = x.value.shape;
  return new Variable(np.unfold(x.value, kernelSize, options), [x], (dout) => [
    np.fold(dout, [H, W], kernelSize, options), // (N, C, H, W)
  ]);
}
