import { assign, copy, type NdArray, sumOfSquares } from '../array/index.js';
import type { Batch } from '../data/image-set.js';
import type { Layer } from '../layers/layer.js';
import { Linear } from '../layers/linear.js';
import { namedParametersOf } from '../layers/module.js';
import type { Sequential } from '../layers/sequential.js';
import type { Loss } from '../losses/loss.js';

/** What one layer of a net does with one batch. */
export interface LayerLook {
  /** Its place and kind: `0 Linear 3072 → 100`. */
  name: string;
  /** Its output, (N, …). */
  out: NdArray;
  /** The length ‖dL/dweight‖₂ over all its weights, or undefined in a layer without a `weight`. */
  weightNorm: number | undefined;
}

/**
 * Sends a batch through a net and its loss's gradient back, in evaluation mode, and keeps what came out of every layer and how
 * long the gradient of its weights is. Gradients are left as they were found, and the net in training mode.
 *
 * @param batch as the net takes it; a few hundred samples show enough
 * @returns one a layer of `model.layers`, first to last
 */
export function lookInside(model: Sequential, loss: Loss, { x, targets }: Batch): LayerLook[] {
  const parameters = model.parameters();
  const found = parameters.map(({ grad }) => copy(grad));
  model.eval();
  try {
    for (const { grad } of parameters) assign(grad, 0);
    let out = x;
    const outs = model.layers.map((layer) => {
      out = layer.forward(out);
      return out;
    });
    loss.forward(out, targets);
    model.accumulateGradients(loss.backward());
    return model.layers.map((layer, i) => ({
      name: `${i} ${kindOf(layer)}`,
      out: outs[i],
      weightNorm: weightNorm(layer),
    }));
  } finally {
    model.train();
    for (const [i, { grad }] of parameters.entries()) assign(grad, found[i]);
  }
}

function kindOf(layer: Layer): string {
  const kind = layer.constructor.name;
  return layer instanceof Linear ? `${kind} ${layer.inFeatures} → ${layer.outFeatures}` : kind;
}

/** Over all weights of the layer, those of layers inside it included. */
function weightNorm(layer: Layer): number | undefined {
  const weights = namedParametersOf(layer).filter(([name]) => /(^|\.)weight$/.test(name));
  if (weights.length === 0) return undefined;
  return Math.sqrt(weights.reduce((total, [, { grad }]) => total + sumOfSquares(grad), 0));
}
