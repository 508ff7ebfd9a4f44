import { addInPlace, assign, copy, multiplyInPlace, type NdArray } from '../array/index.js';
import { Optimizer, type OptimizerState } from './optimizer.js';

/** What a `WeightAverage` is told. */
export interface WeightAverageOptions {
  /** How much of the average a step keeps, from 0 to below 1: 0.999 averages over about the last 1,000 steps. */
  decay: number;
}

/** Steps from one weight that is taken into the average to the next: neighbours hardly differ, and a pass costs time. */
const EVERY = 10;
const AVERAGE = 'average.';

/**
 * An optimiser that also keeps an average of the weights it passes through. Steps on mini-batches jump to and fro around a
 * place in the loss's valley that none of them hits; the mean of where they land lies nearer to it, and tests better
 * (Polyak and Juditsky 1992; Izmailov et al. 2018, arXiv 1803.05407).
 *
 * **Step.** With the weights $\theta_t$ after step $t$ and `decay` $\beta$, the average is exponential,
 *
 * $$ \bar\theta_t = \beta_t\, \bar\theta_{t-1} + (1 - \beta_t)\, \theta_t, \qquad
 *    \beta_t = \min\Big(\beta, \frac{1 + t}{10 + t}\Big) , $$
 *
 * where the second bound lets the first weights, which are random, be forgotten sooner. It is brought up to date at every tenth step,
 * with $\beta_t^{10}$.
 *
 * **Exchange.** Training does not see the average: a test exchanges the weights for it, and back. The running statistics of a
 * batch norm are those of the weights, not of their average, and have to be taken anew.
 */
export class WeightAverage extends Optimizer {
  private readonly averages: readonly NdArray[];

  /**
   * @param inner the optimiser that makes the steps; its parameters' values are the first average
   * @param options how slowly the average follows
   * @throws RangeError unless `decay` lies from 0 to below 1
   */
  constructor(
    private readonly inner: Optimizer,
    private readonly options: WeightAverageOptions,
  ) {
    super(inner.parameters, { learningRate: inner.learningRate });
    const { decay } = options;
    this.assertOption('decay', decay, decay >= 0 && decay < 1, 'a number from 0 to below 1');
    this.averages = this.parameters.map(({ value }) => copy(value));
  }

  step(): void {
    this.inner.learningRate = this.learningRate;
    this.inner.step();
    this.steps++;
    if (this.steps % EVERY !== 0) return;
    const keep = Math.min(this.options.decay, (1 + this.steps) / (10 + this.steps)) ** EVERY;
    this.averages.forEach((average, i) => {
      multiplyInPlace(average, keep);
      addInPlace(average, this.parameters[i].value, 1 - keep);
    });
  }

  /** Puts the average where the weights are, and the weights where it was; a second call puts them back. */
  exchange(): void {
    this.averages.forEach((average, i) => {
      const { value } = this.parameters[i];
      const held = copy(value);
      assign(value, average);
      assign(average, held);
    });
  }

  /** That of the optimiser inside, and the average. */
  override stateDict(): OptimizerState {
    const own = super.stateDict();
    return { steps: own.steps, arrays: { ...this.inner.stateDict().arrays, ...own.arrays } };
  }

  override loadStateDict({ steps, arrays }: OptimizerState): void {
    const part = (own: boolean) =>
      Object.fromEntries(Object.entries(arrays).filter(([name]) => name.startsWith(AVERAGE) === own));
    super.loadStateDict({ steps, arrays: part(true) });
    this.inner.loadStateDict({ steps, arrays: part(false) });
  }

  protected override memory(): Record<string, readonly NdArray[]> {
    return { average: this.averages };
  }
}
