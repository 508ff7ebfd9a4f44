import { engine } from '../kernels/backend.js';
import { assertArray, assertDtype, assertShape, assertWritable, shapeText } from './checks.js';
import { astype } from './create.js';
import { ShapeError } from './errors.js';
import { commonDtype, empty } from './memory.js';
import type { Dtype, NdArray } from './types.js';

/**
 * The matrix product a · b, computed by the engine that `setBackend` chose. Operands may be any views. A transposed
 * operand is read through its strides, not copied. float32 with float64 gives float64.
 *
 * @param a (N, K)
 * @param b (K, M)
 * @returns (N, M), or zeros if K is 0
 * @throws ShapeError unless the inner sizes are equal
 */
export function matmul(a: NdArray, b: NdArray): NdArray {
  assertFactors('matmul', a, b);
  const out = empty([a.shape[0], b.shape[1]], commonDtype([a, b]));
  multiplyInto(out, a, b, 0);
  return out;
}

/**
 * target += a · b, in place: `addInPlace(target, matmul(a, b))` without the intermediate array.
 *
 * @param target (N, M), which must not share memory with a or b
 * @param a (N, K) of the target's dtype
 * @param b (K, M) of the target's dtype
 * @throws ShapeError unless the three shapes match, DtypeError unless the three dtypes are equal
 */
export function addMatmulInPlace(target: NdArray, a: NdArray, b: NdArray): void {
  assertFactors('addMatmulInPlace', a, b);
  assertWritable('addMatmulInPlace', 'target', target);
  assertShape('addMatmulInPlace', 'target', target, [a.shape[0], b.shape[1]]);
  assertDtype('addMatmulInPlace', 'a', a, target.dtype);
  assertDtype('addMatmulInPlace', 'b', b, target.dtype);
  multiplyInto(target, a, b, 1);
}

function assertFactors(call: string, a: NdArray, b: NdArray): void {
  assertArray(call, 'a', a);
  assertArray(call, 'b', b);
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== b.shape[0]) {
    throw new ShapeError(
      `${call}: expected shapes (N, K) and (K, M), got ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    );
  }
}

/** out = a · b + beta · out, for shapes that were checked. `out` shares no memory with a or b. */
export function multiplyInto(out: NdArray, a: NdArray, b: NdArray, beta: 0 | 1): void {
  if (out.size === 0 || a.shape[1] === 0) return;
  engine().gemm(out, inDtype(a, out.dtype), inDtype(b, out.dtype), 1, beta);
}

function inDtype(x: NdArray, dtype: Dtype): NdArray {
  return x.dtype === dtype ? x : astype(x, dtype);
}
