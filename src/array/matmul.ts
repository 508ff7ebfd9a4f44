import { engine } from '../kernels/backend.js';
import { assertArray, shapeText } from './checks.js';
import { astype } from './create.js';
import { ShapeError } from './errors.js';
import { empty } from './memory.js';
import type { Dtype, NdArray } from './types.js';

/**
 * The matrix product a · b, by the engine that `setBackend` chose. Operands may be any views; a transposed one
 * is read by its strides, not copied. float32 with float64 gives float64.
 *
 * @param a (N, K)
 * @param b (K, M)
 * @returns (N, M); zeros when K is 0
 * @throws ShapeError unless the inner sizes agree
 */
export function matmul(a: NdArray, b: NdArray): NdArray {
  assertArray('matmul', 'a', a);
  assertArray('matmul', 'b', b);
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[1] !== b.shape[0]) {
    throw new ShapeError(
      `matmul: expected shapes (N, K) and (K, M), got ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    );
  }
  const dtype: Dtype = a.dtype === b.dtype ? a.dtype : 'float64';
  const out = empty([a.shape[0], b.shape[1]], dtype);
  if (out.size === 0 || a.shape[1] === 0) return out;
  engine().gemm(out, inDtype(a, dtype), inDtype(b, dtype), 1, 0);
  return out;
}

function inDtype(x: NdArray, dtype: Dtype): NdArray {
  return x.dtype === dtype ? x : astype(x, dtype);
}
