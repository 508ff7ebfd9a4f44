import { assertNoMoreOptions, assign } from '../array/index.js';
import type { Parameter } from '../layers/parameter.js';

/** What every optimiser is told. */
export interface OptimizerOptions {
  /** The step size. */
  learningRate: number;
}

/** Changes parameters so that the loss falls, from the gradients that `backward` has added up in them. */
export abstract class Optimizer {
  /** The step size; may be changed between steps. */
  learningRate: number;

  constructor(
    protected readonly parameters: readonly Parameter[],
    { learningRate, ...rest }: OptimizerOptions,
  ) {
    assertNoMoreOptions(this.constructor.name, rest);
    if (!Array.isArray(parameters))
      throw new TypeError(`${this.constructor.name}: expected a list of parameters, as layer.parameters() gives`);
    if (!(learningRate > 0 && learningRate < Infinity)) {
      throw new RangeError(`${this.constructor.name}: expected a positive learningRate, got ${learningRate}`);
    }
    this.learningRate = learningRate;
  }

  /** One update of every parameter. */
  abstract step(): void;

  /** Sets every gradient back to zero, for the next batch. */
  zeroGrad(): void {
    for (const { grad } of this.parameters) assign(grad, 0);
  }
}
