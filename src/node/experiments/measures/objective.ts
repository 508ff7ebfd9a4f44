import { assign, type NdArray } from '../../../array/index.js';
import type { Layer } from '../../../layers/layer.js';
import type { Parameter } from '../../../layers/parameter.js';
import type { Loss } from '../../../losses/loss.js';

/** A loss as a function of parameters. */
export interface Objective {
  readonly parameters: readonly Parameter[];
  /** The loss at the current values of the parameters. Sets their `grad` to its gradient. */
  evaluate(): number;
}

/**
 * The loss of a net on one batch.
 *
 * @param net any layer. If it draws random numbers, it must draw the same ones in every forward; otherwise the
 * measures compare different functions
 */
export function netObjective(net: Layer, loss: Loss, x: NdArray, targets: NdArray): Objective {
  const parameters = net.parameters();
  return {
    parameters,
    evaluate() {
      for (const { grad } of parameters) assign(grad, 0);
      const value = loss.forward(net.forward(x), targets);
      net.backward(loss.backward());
      return value;
    },
  };
}
