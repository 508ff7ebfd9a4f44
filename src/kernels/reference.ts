import gemm from 'ndarray-gemm';
import type { Engine } from './engine.js';

/**
 * The plain engine: ndarray-gemm, blocked loops in JavaScript. It runs everywhere and reads views through their
 * strides without a copy. Every faster engine must agree with it.
 */
export const reference: Engine = {
  name: 'reference',
  description: 'ndarray-gemm',
  gemm: (out, a, b, alpha, beta) => gemm(out, a, b, alpha, beta),
};
