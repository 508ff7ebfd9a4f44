import type { Layer } from '../../src/index.js';

/** A layer as its five methods, to be spread into one with another backward. */
export function bare(layer: Layer): Layer {
  return {
    forward: (x) => layer.forward(x),
    backward: (dout) => layer.backward(dout),
    parameters: () => layer.parameters(),
    train: () => layer.train(),
    eval: () => layer.eval(),
  };
}
