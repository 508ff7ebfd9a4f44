import { assertNoMoreOptions, assign, copy, type NdArray } from '../array/index.js';
import { loadArrays, type StateDict } from '../layers/module.js';
import type { Parameter } from '../layers/parameter.js';

/** What every optimiser is told. */
export interface OptimizerOptions {
  /** η, the step size: a finite number above 0. */
  learningRate: number;
}

/** What an optimiser has to remember to go on as if it had never stopped; its settings are not in it. */
export interface OptimizerState {
  /** How many updates have been made. */
  steps: number;
  /** Copies of its arrays, by names such as `firstMoment.0.weight`. */
  arrays: StateDict;
}

/** Changes parameters so that the loss falls, from the gradients that `backward` has added up in them. */
export abstract class Optimizer {
  /** The step size; may be changed between steps. */
  learningRate: number;
  /** How many updates have been made. */
  protected steps = 0;

  /**
   * @param parameters what `step` updates, themselves and not copies: usually `layer.parameters()`
   * @param options the learning rate
   * @throws RangeError for an option that is unknown or a learning rate that is none, TypeError for parameters that are no list
   */
  constructor(
    readonly parameters: readonly Parameter[],
    { learningRate, ...rest }: OptimizerOptions,
  ) {
    assertNoMoreOptions(this.constructor.name, rest);
    if (!Array.isArray(parameters))
      throw new TypeError(`${this.constructor.name}: expected a list of parameters, as layer.parameters() gives`);
    this.assertOption('learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a number above 0');
    this.learningRate = learningRate;
  }

  /** One update of every parameter. */
  abstract step(): void;

  /** Sets every gradient back to zero, for the next batch. */
  zeroGrad(): void {
    for (const { grad } of this.parameters) assign(grad, 0);
  }

  /** What the optimiser remembers from step to step, as copies. */
  stateDict(): OptimizerState {
    const arrays = this.namedArrays().map(([name, value]) => [name, copy(value)]);
    return { steps: this.steps, arrays: Object.fromEntries(arrays) };
  }

  /**
   * Goes on from a `stateDict` of an optimiser with the same settings and parameters.
   *
   * @param state its arrays are copied in
   * @throws Error when a name is missing or unknown, ShapeError or DtypeError when an array does not fit, RangeError for a
   * number of steps that is none
   */
  loadStateDict({ steps, arrays }: OptimizerState): void {
    if (!Number.isSafeInteger(steps) || steps < 0)
      throw new RangeError(`loadStateDict: expected a whole number of steps from 0 up, got ${steps}`);
    loadArrays(this.namedArrays(), arrays, `this ${this.constructor.name}`);
    this.steps = steps;
  }

  /** The arrays that it keeps beside the parameters, one a parameter in each list; none without. */
  protected memory(): Record<string, readonly NdArray[]> {
    return {};
  }

  /**
   * Throws unless an option lies where it means something.
   *
   * @param fits whether it does
   * @param expected where that is, such as `from 0 to below 1`
   * @throws RangeError that names the option
   */
  protected assertOption(name: string, value: number, fits: boolean, expected: string): void {
    if (!fits) throw new RangeError(`${this.constructor.name}: expected ${name} to be ${expected}, got ${value}`);
  }

  private namedArrays(): [name: string, value: NdArray][] {
    return Object.entries(this.memory()).flatMap(([kind, arrays]) =>
      arrays.map((value, i): [string, NdArray] => [`${kind}.${i}.${this.parameters[i].name}`, value]),
    );
  }
}
