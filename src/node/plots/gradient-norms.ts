import { assertFilledList, assertNumber, assertText } from '../../array/index.js';
import { rowsSvg } from './rows.js';
import { PALETTE } from './svg.js';

/** The norm of the gradient of a layer's weights. */
export interface GradientNorm {
  /** The name of the layer, such as `0 Linear 3072 → 100`. */
  name: string;
  /** ‖dL/dweight‖₂. A norm of 0 cannot be shown on the logarithmic axis. */
  norm: number;
}

/** The norms of all layers at one time. */
export interface GradientNorms {
  /** The time, such as `before training`. */
  name: string;
  /** The layers with weights, from the first to the last. */
  layers: readonly GradientNorm[];
}

const SIGNS = ['●', '■', '◆', '▲'] as const;

/**
 * Draws the norms of the gradients of a net's weights, layer by layer, on a logarithmic axis. It shows whether
 * gradients vanish or explode.
 *
 * @param states up to four times, such as before and after training, with the same layers
 * @returns the text of an SVG file
 */
export async function gradientNormsSvg(states: readonly GradientNorms[], title: string): Promise<string> {
  assertFilledList('gradientNormsSvg', 'states', states);
  for (const { name, layers } of states) {
    assertText('gradientNormsSvg', 'name', name);
    assertFilledList('gradientNormsSvg', 'layers', layers);
    for (const { norm } of layers) assertNumber('gradientNormsSvg', 'norm', norm);
  }
  assertText('gradientNormsSvg', 'title', title);
  const logs = states.flatMap(({ layers }) => layers.flatMap(({ norm }) => (norm > 0 ? Math.log10(norm) : [])));
  const ends = [10 ** Math.floor(Math.min(...logs) - 0.2), 10 ** Math.ceil(Math.max(...logs) + 0.2)] as const;
  return rowsSvg(
    title,
    states[0].layers.map(({ name }) => name),
    { label: '‖dL/dweight‖₂ (nats per unit of weight)', log: true, domain: ends },
    states.map(({ name, layers }, i) => ({
      ...{ name, color: PALETTE[i + 1], sign: SIGNS[i] },
      values: layers.map(({ norm }, row) => ({ row, value: norm })),
    })),
  );
}
