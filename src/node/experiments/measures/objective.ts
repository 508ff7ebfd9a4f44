import { assign, type NdArray } from '../../../array/index.js';
import type { Layer } from '../../../layers/layer.js';
import type { Parameter } from '../../../layers/parameter.js';
import type { Loss } from '../../../losses/loss.js';

/** A loss as a function of parameters: all that the measures ask of a net and its batch. */
export interface Objective {
  readonly parameters: readonly Parameter[];
  /** The loss where the parameters are; sets their `grad` to its gradient there. */
  evaluate(): number;
}

/**
 * The loss of any layer, a whole net above all, on one batch.
 *
 * @param net whatever it draws must be the same at every forward, or measures compare different functions
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
