import type { Witness } from '../gradcheck/index.js';
import type { Layer } from '../layers/layer.js';
import { namedParametersOf } from '../layers/module.js';
import type { Parameter } from '../layers/parameter.js';
import { forwardOnTape, lossOnTape, type TapeForward } from './forwards.js';
import { gradients, multiply, sum, type Variable, variable } from './tape.js';

/**
 * The tape as a witness of a gradient check: `checkLayer(layer, x, { witness: tapeWitness() })` compares a layer three
 * ways, by its hand-written `backward`, by the tape and by finite differences.
 *
 * @param forward the forward of the layer on the tape. Default: that of the layers of this library. Give one to check
 * a layer of your own.
 */
export function tapeWitness<L extends Layer>(forward: TapeForward<L> = forwardOnTape): Witness {
  return {
    name: 'tape',
    ofLayer(layer, x, dout) {
      const parameters = new Map<Parameter, Variable>();
      for (const [, parameter] of namedParametersOf(layer)) parameters.set(parameter, variable(parameter.value));
      const on = (parameter: Parameter) => {
        const found = parameters.get(parameter);
        if (!found) throw new Error(`tapeWitness: ${layer.constructor.name} has no such parameter '${parameter.name}'`);
        return found;
      };
      const input = variable(x);
      const out = forward(input, layer as L, on);
      return gradients(sum(multiply(out, dout)), [input, ...parameters.values()]);
    },
    ofLoss(loss, x, targets) {
      const input = variable(x);
      return gradients(lossOnTape(input, loss, targets), [input])[0];
    },
  };
}
