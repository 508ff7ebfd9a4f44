import type { Layer } from '../layers/layer.js';
import { assertLayer } from '../layers/module.js';
import { Sequential } from '../layers/sequential.js';

/**
 * Layers one after the other, as in a `Sequential`, but each with a name instead of its position. The paths of the
 * arrays are then those of the same net in torchvision, such as `features.conv0.weight`.
 */
export class NamedLayers extends Sequential {
  static override readonly name: string = 'NamedLayers';

  /**
   * @param named each layer with the name that begins the paths of its arrays
   * @throws RangeError for no layers, or for one layer in two places; TypeError for anything but pairs of a name and a layer
   */
  constructor(private readonly named: readonly (readonly [name: string, layer: Layer])[]) {
    super(...layersIn(named));
  }

  override children(): [string, Layer][] {
    return this.named.map(([name, layer]) => [name, layer]);
  }
}

function layersIn(named: unknown): Layer[] {
  const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string';
  if (!Array.isArray(named) || !named.every(isPair)) {
    throw new TypeError('NamedLayers: expected a list of pairs of a name and a layer');
  }
  return named.map(([, layer]) => {
    assertLayer('NamedLayers', layer);
    return layer;
  });
}
