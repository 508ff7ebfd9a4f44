import {
  assertMethods,
  assertNoMoreOptions,
  assertOptions,
  assign,
  checkedOptions,
  copy,
  inWords,
  type NdArray,
} from '../array/index.js';
import { loadArrays, type StateDict } from '../layers/module.js';
import { assertParameters, type Parameter } from '../layers/parameter.js';

/** The options of every optimizer. */
export interface OptimizerOptions {
  /** η, the step size: a finite number above 0. */
  learningRate: number;
}

/** The state of an optimizer, without its options. An optimizer that loads it continues exactly as the original. */
export interface OptimizerState {
  /** The number of updates so far. */
  steps: number;
  /** Copies of its arrays, by names such as `firstMoment.0.weight`. */
  arrays: StateDict;
}

/**
 * Throws unless a value is an optimizer.
 *
 * @throws DtypeError that names the call
 */
export function assertOptimizer(call: string, optimizer: Optimizer): void {
  assertMethods(call, 'optimizer', optimizer, ['step', 'zeroGrad'], 'an optimizer, such as an SGD or an Adam');
}

/** Updates parameters so that the loss decreases. It reads the gradients that `backward` has added to them. */
export abstract class Optimizer {
  /** The step size. It may be changed between steps. */
  learningRate: number;
  /** The number of updates so far. */
  protected steps = 0;

  /**
   * @param parameters the parameters that `step` updates in place, usually `layer.parameters()`
   * @param options the learning rate
   * @throws RangeError for an unknown option, an invalid learning rate or a parameter that is in the list twice;
   * TypeError if the parameters are not a list of parameters
   */
  constructor(
    readonly parameters: readonly Parameter[],
    { learningRate, ...rest }: OptimizerOptions,
  ) {
    assertNoMoreOptions(this.constructor.name, rest);
    assertParameters(this.constructor.name, parameters);
    this.assertOption('learningRate', learningRate, learningRate > 0 && learningRate < Infinity, 'a number above 0');
    this.learningRate = learningRate;
  }

  /** Updates every parameter once. */
  abstract step(): void;

  /** Sets all gradients to 0, for the next batch. */
  zeroGrad(): void {
    for (const { grad } of this.parameters) assign(grad, 0);
  }

  /** The state of the optimizer, as copies. */
  stateDict(): OptimizerState {
    const arrays = this.namedArrays().map(([name, value]) => [name, copy(value)]);
    return { steps: this.steps, arrays: Object.fromEntries(arrays) };
  }

  /**
   * Loads a `stateDict` of an optimizer with the same options and parameters.
   *
   * @param state the state; its arrays are copied
   * @throws Error if a name is missing or unknown, ShapeError or DtypeError if an array does not match, RangeError
   * for an invalid number of steps
   */
  loadStateDict(state: OptimizerState): void {
    const { steps, arrays } = checkedOptions(`${this.constructor.name}.loadStateDict`, state);
    assertOptions(`${this.constructor.name}.loadStateDict`, arrays);
    if (!Number.isSafeInteger(steps) || steps < 0)
      throw new RangeError(`loadStateDict: expected a whole number of steps from 0 up, got ${steps}`);
    loadArrays(this.namedArrays(), arrays, `this ${this.constructor.name}`);
    this.steps = steps;
  }

  /** The arrays that it keeps, in lists with one array per parameter. Default: none. */
  protected memory(): Record<string, readonly NdArray[]> {
    return {};
  }

  /**
   * Throws unless the value of an option is valid.
   *
   * @param fits whether it is valid
   * @param expected the valid range, such as `from 0 to below 1`
   * @throws RangeError that names the option
   */
  protected assertOption(name: string, value: number, fits: boolean, expected: string): void {
    if (!fits || typeof value !== 'number')
      throw new RangeError(`${this.constructor.name}: expected ${name} to be ${expected}, got ${inWords(value)}`);
  }

  private namedArrays(): [name: string, value: NdArray][] {
    return Object.entries(this.memory()).flatMap(([kind, arrays]) =>
      arrays.map((value, i): [string, NdArray] => [`${kind}.${i}.${this.parameters[i].name}`, value]),
    );
  }
}
