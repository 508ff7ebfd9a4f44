import type { Layer } from '../layers/layer.js';
import { Sequential } from '../layers/sequential.js';

/**
 * Layers one after the other, as in a `Sequential`, but each with a name instead of its position. The paths of the
 * arrays are then those of the same net in torchvision, such as `features.conv0.weight`.
 */
export class NamedLayers extends Sequential {
  /**
   * @param named each layer with the name that begins the paths of its arrays
   * @throws RangeError for no layers, or for one layer in two places
   */
  constructor(private readonly named: readonly (readonly [name: string, layer: Layer])[]) {
    super(...named.map(([, layer]) => layer));
  }

  override children(): [string, Layer][] {
    return this.named.map(([name, layer]) => [name, layer]);
  }
}
