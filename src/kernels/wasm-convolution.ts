import type { Convolution } from './engine.js';
import { pointwise } from './pointwise.js';
import { tapByTap } from './taps.js';
import { winograd } from './winograd.js';

/** A convolution that is computed in the first way that fits. */
function inFirstOf(ways: readonly Convolution[]): Convolution {
  return {
    output: (...operands) => ways.some((way) => way.output(...operands)),
    weightGradient: (...operands) => ways.some((way) => way.weightGradient(...operands)),
    inputGradient: (...operands) => ways.some((way) => way.inputGradient(...operands)),
  };
}

/** The convolutions that transforms make faster than unfold, gemm and fold, also with the products of a BLAS. */
export const transformedConvolution = inFirstOf([tapByTap, winograd]);

/** The convolutions that the wasm engine computes faster than with unfold, gemm and fold, each for some sizes. */
export const wasmConvolution = inFirstOf([tapByTap, winograd, pointwise]);
