import {
  addInPlace,
  assertNoMoreOptions,
  assertOptions,
  assign,
  checkedOptions,
  copy,
  multiplyInPlace,
  type NdArray,
} from '../array/index.js';
import { assertOptimizer, Optimizer, type OptimizerState } from './optimizer.js';

/** The options of `WeightAverage`. */
export interface WeightAverageOptions {
  /**
   * The part of the average that each step keeps, from 0 to below 1. 0.999 averages over about the last 1,000 steps.
   */
  decay: number;
}

/**
 * The average is updated after this many steps. Weights of successive steps hardly differ, and an update takes time.
 */
const EVERY = 10;
const AVERAGE = 'average.';

/**
 * An optimizer that also keeps an average of the weights. The gradients of mini-batches are noisy, so the weights
 * move around a minimum without reaching it. Their mean is closer to it, and has a better test accuracy (Polyak and
 * Juditsky 1992; Izmailov et al. 2018, arXiv 1803.05407).
 *
 * **Step.** With the weights $\theta_t$ after step $t$ and `decay` $\beta$, the average is exponential,
 *
 * $$ \bar\theta_t = \beta_t\, \bar\theta_{t-1} + (1 - \beta_t)\, \theta_t, \qquad
 *    \beta_t = \min\Big(\beta, \frac{1 + t}{10 + t}\Big) , $$
 *
 * where the second bound forgets the first, random weights sooner. The average is updated at every tenth step, with
 * $\beta_t^{10}$.
 *
 * **Exchange.** Training does not use the average. An evaluation exchanges the weights and the average, and then
 * exchanges them again. The running statistics of a batch norm belong to the weights, not to their average, and must
 * be computed again.
 */
export class WeightAverage extends Optimizer {
  private readonly inner: Optimizer;
  private readonly decay: number;
  private readonly averages: readonly NdArray[];

  /**
   * @param inner the optimizer that makes the steps. The current values of its parameters are the first average.
   * @param options the decay of the average
   * @throws RangeError unless `decay` is from 0 to below 1, DtypeError unless `inner` is an optimizer
   */
  constructor(inner: Optimizer, options: WeightAverageOptions) {
    assertOptimizer('WeightAverage', inner);
    const { decay, ...rest } = checkedOptions('WeightAverage', options);
    assertNoMoreOptions('WeightAverage', rest);
    super(inner.parameters, { learningRate: inner.learningRate });
    this.assertOption('decay', decay, decay >= 0 && decay < 1, 'a number from 0 to below 1');
    this.inner = inner;
    this.decay = decay;
    this.averages = this.parameters.map(({ value }) => copy(value));
  }

  step(): void {
    this.inner.learningRate = this.learningRate;
    this.inner.step();
    this.steps++;
    if (this.steps % EVERY !== 0) return;
    const keep = Math.min(this.decay, (1 + this.steps) / (10 + this.steps)) ** EVERY;
    this.averages.forEach((average, i) => {
      multiplyInPlace(average, keep);
      addInPlace(average, this.parameters[i].value, 1 - keep);
    });
  }

  /** Exchanges the weights and the average. A second call reverses it. */
  exchange(): void {
    this.averages.forEach((average, i) => {
      const { value } = this.parameters[i];
      const held = copy(value);
      assign(value, average);
      assign(average, held);
    });
  }

  /** The state of the inner optimizer, and the average. */
  override stateDict(): OptimizerState {
    const own = super.stateDict();
    return { steps: own.steps, arrays: { ...this.inner.stateDict().arrays, ...own.arrays } };
  }

  override loadStateDict(state: OptimizerState): void {
    const { steps, arrays } = checkedOptions('WeightAverage.loadStateDict', state);
    assertOptions('WeightAverage.loadStateDict', arrays);
    const part = (own: boolean) =>
      Object.fromEntries(Object.entries(arrays).filter(([name]) => name.startsWith(AVERAGE) === own));
    super.loadStateDict({ steps, arrays: part(true) });
    this.inner.loadStateDict({ steps, arrays: part(false) });
  }

  protected override memory(): Record<string, readonly NdArray[]> {
    return { average: this.averages };
  }
}
