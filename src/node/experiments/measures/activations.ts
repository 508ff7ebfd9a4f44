import { type NdArray, toNested } from '../../../array/index.js';
import type { Layer } from '../../../layers/layer.js';

/** An activation of a net: an output of one of its layers. */
export interface Unit {
  /** The layer, counted from 0. */
  layer: number;
  unit: number;
}

/**
 * How an activation is distributed over a batch.
 *
 * @param layers one after the other, any that give (N, D)
 * @param shares which quantiles, from 0 to 1
 * @returns the quantiles of each unit
 */
export function activationQuantiles(
  layers: readonly Layer[],
  x: NdArray,
  units: readonly Unit[],
  shares: readonly number[],
): number[][] {
  const outputs: NdArray[] = [];
  for (const layer of layers) outputs.push(layer.forward(outputs.at(-1) ?? x));
  return units.map(({ layer, unit }) => {
    const values = [toNested(outputs[layer].pick(null, unit))].flat().map(Number);
    return quantiles(values, shares);
  });
}

/** Quantiles of some values, in between two of them by a straight line. */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return shares.map((share) => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  });
}
