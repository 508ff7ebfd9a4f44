import gemm from 'ndarray-gemm';
import type { Engine } from './engine.js';

/**
 * The plain engine: ndarray-gemm, blocked loops in JavaScript. It runs everywhere, reads views by their
 * strides without a copy, and is the yardstick that every faster engine must agree with.
 */
export const reference: Engine = {
  name: 'reference',
  description: 'ndarray-gemm',
  gemm: (out, a, b, alpha, beta) => gemm(out, a, b, alpha, beta),
};
