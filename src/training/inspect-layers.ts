import { assign, copy, type NdArray, sumOfSquares } from '../array/index.js';
import { type Batch, checkedBatch } from '../data/sample-set.js';
import type { Layer } from '../layers/layer.js';
import { assertModule, type Module, namedParametersOf } from '../layers/module.js';
import type { Loss } from '../losses/loss.js';
import { assertLoss } from '../losses/loss-checks.js';
import { leafOutputs } from './leaf-outputs.js';

/** What one layer of a net does with one batch. */
export interface LayerInspection {
  /** Its place and kind: `0 Linear 3072 → 100`. */
  name: string;
  /** Its output, (N, …). */
  out: NdArray;
  /** The length ‖dL/dweight‖₂ of the gradient of its weights, or undefined for a layer without a `weight`. */
  weightNorm: number | undefined;
}

/**
 * Sends a batch through a net and back, in evaluation mode, and keeps the output of every layer without children and
 * the length of the gradient of its weights. The gradients of the net stay as they were, and the net ends in training
 * mode.
 *
 * @param batch as the net takes it; a few hundred samples show enough
 * @returns one entry per layer, in the order in which they run
 */
export function inspectLayers(model: Module, loss: Loss, batch: Batch): LayerInspection[] {
  assertModule('inspectLayers', model);
  assertLoss('inspectLayers', loss);
  const { x, targets } = checkedBatch('inspectLayers', batch);
  const parameters = model.parameters();
  const found = parameters.map(({ grad }) => copy(grad));
  model.eval();
  try {
    for (const { grad } of parameters) assign(grad, 0);
    const { out, leaves } = leafOutputs(model, x);
    loss.forward(out, targets);
    model.accumulateGradients(loss.backward());
    return leaves.map((leaf) => ({
      name: `${leaf.path.replaceAll('layers.', '')} ${kindOf(leaf.layer)}`.trim(),
      out: leaf.out,
      weightNorm: weightNorm(leaf.layer),
    }));
  } finally {
    model.train();
    for (const [i, { grad }] of parameters.entries()) assign(grad, found[i]);
  }
}

/** The class of a layer and, where it has a weight, the sizes between which that maps. */
function kindOf(layer: Layer): string {
  const [weight] = weightsOf(layer);
  const sizes = weight ? ` ${weight.value.shape[1]} → ${weight.value.shape[0]}` : '';
  return layer.constructor.name + sizes;
}

function weightNorm(layer: Layer): number | undefined {
  const weights = weightsOf(layer);
  if (weights.length === 0) return undefined;
  return Math.sqrt(weights.reduce((total, { grad }) => total + sumOfSquares(grad), 0));
}

function weightsOf(layer: Layer) {
  return namedParametersOf(layer).flatMap(([path, parameter]) => (/(^|\.)weight$/.test(path) ? parameter : []));
}
