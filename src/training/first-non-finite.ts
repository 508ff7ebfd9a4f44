import { abs, type NdArray, sum } from '../array/index.js';
import type { Sequential } from '../layers/sequential.js';

/** Says in words where, on the way from `x` through the net, the first NaN or infinity appears. */
export function firstNonFinite(model: Sequential, x: NdArray): string {
  if (!isFiniteArray(x)) return 'the batch itself is not finite';
  let out = x;
  for (const [i, layer] of model.layers.entries()) {
    out = layer.forward(out);
    if (!isFiniteArray(out))
      return `the first layer whose output is not finite is layers.${i} (${layer.constructor.name})`;
  }
  return 'every layer gives finite outputs; the loss of them is not';
}

function isFiniteArray(x: NdArray): boolean {
  return Number.isFinite(sum(abs(x)));
}
