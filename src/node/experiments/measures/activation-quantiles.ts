import { type NdArray, toNested } from '../../../array/index.js';
import type { Layer } from '../../../layers/layer.js';

/** One output of a layer of a net. */
export interface Unit {
  /** The index of the layer. */
  layer: number;
  unit: number;
}

/**
 * The distribution of activations over a batch.
 *
 * @param layers the layers of a net, in order; each returns (N, D)
 * @param fractions the quantiles, from 0 to 1
 * @returns the quantiles of each unit
 */
export function activationQuantiles(
  layers: readonly Layer[],
  x: NdArray,
  units: readonly Unit[],
  fractions: readonly number[],
): number[][] {
  const outputs: NdArray[] = [];
  for (const layer of layers) outputs.push(layer.forward(outputs.at(-1) ?? x));
  return units.map(({ layer, unit }) => {
    const values = [toNested(outputs[layer].pick(null, unit))].flat().map(Number);
    return quantiles(values, fractions);
  });
}

/** The quantiles of some values, with linear interpolation between two of them. */
export function quantiles(values: readonly number[], fractions: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return fractions.map((fraction) => {
    const position = fraction * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  });
}
