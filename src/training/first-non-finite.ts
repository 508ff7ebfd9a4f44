import { abs, type NdArray, sum } from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import { leafOutputs } from './leaf-outputs.js';

/** Says in words where the first NaN or infinity appears when `x` goes through a net. */
export function firstNonFinite(model: Layer, x: NdArray): string {
  if (!isFiniteArray(x)) return 'the batch itself is not finite';
  const { out, leaves } = leafOutputs(model, x);
  const first = leaves.find((leaf) => !isFiniteArray(leaf.out));
  if (first) return `the first layer whose output is not finite is ${first.path} (${first.layer.constructor.name})`;
  if (!isFiniteArray(out)) return 'every layer gives finite outputs, but the output of the net is not finite';
  return 'every layer gives finite outputs, but the loss is not finite';
}

function isFiniteArray(x: NdArray): boolean {
  return Number.isFinite(sum(abs(x)));
}
