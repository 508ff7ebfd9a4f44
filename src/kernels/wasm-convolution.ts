import type { Convolution } from './engine.js';
import { pointwise } from './pointwise.js';
import { tapByTap } from './taps.js';
import { winograd } from './winograd.js';

/** The convolutions that the wasm engine computes faster than with unfold, gemm and fold, each for some sizes. */
const WAYS: readonly Convolution[] = [tapByTap, winograd, pointwise];

/** Computes with the first way that fits. */
export const wasmConvolution: Convolution = {
  output: (...operands) => WAYS.some((way) => way.output(...operands)),
  weightGradient: (...operands) => WAYS.some((way) => way.weightGradient(...operands)),
  inputGradient: (...operands) => WAYS.some((way) => way.inputGradient(...operands)),
};
