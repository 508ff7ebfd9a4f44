import type { NdArray } from '../array/index.js';
import type { Layer } from '../layers/layer.js';
import { Module, walkLayers } from '../layers/module.js';

/** What a layer without children gave in one forward. */
export interface LeafOutput {
  /** The dotted path of the layer in the net, such as `layers.0`. */
  path: string;
  layer: Layer;
  out: NdArray;
}

/**
 * Sends a batch through a net and records the output of every layer without children, in the order in which they ran.
 * It works for any container, because it replaces the `forward` of each layer for the duration of the call.
 *
 * @returns the output of the net, and those of its layers
 */
export function leafOutputs(model: Layer, x: NdArray): { out: NdArray; leaves: LeafOutput[] } {
  const leaves: LeafOutput[] = [];
  const undo: (() => void)[] = [];
  for (const [path, layer] of walkLayers(model)) {
    if (layer instanceof Module && layer.children().length > 0) continue;
    const { forward } = layer;
    const own = Object.hasOwn(layer, 'forward');
    layer.forward = (input) => {
      const out = forward.call(layer, input);
      leaves.push({ path, layer, out });
      return out;
    };
    undo.push(() => (own ? Object.assign(layer, { forward }) : Reflect.deleteProperty(layer, 'forward')));
  }
  try {
    return { out: model.forward(x), leaves };
  } finally {
    for (const restore of undo) restore();
  }
}
