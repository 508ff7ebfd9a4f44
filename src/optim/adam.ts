import { checkedOptions, type NdArray, updateInPlace, zerosLike } from '../array/index.js';
import type { Parameter } from '../layers/parameter.js';
import { Optimizer, type OptimizerOptions } from './optimizer.js';

/** The options of `Adam` and `AdamW`. */
export interface AdamOptions extends OptimizerOptions {
  /** β₁, the share of the mean gradient that each step keeps, from 0 to below 1. Default: 0.9. */
  beta1?: number;
  /** β₂, the share of the mean squared gradient that each step keeps, from 0 to below 1. Default: 0.999. */
  beta2?: number;
  /** ε, which keeps the quotient finite where gradients are 0. Default: 1e-8. */
  eps?: number;
  /** λ, how strongly weights are pulled toward 0. Default: 0 for Adam, 0.01 for AdamW. */
  weightDecay?: number;
}

/**
 * Adam gives every single weight its own step size. A step is the mean of the recent gradients, divided by their root
 * mean square. Where the gradients agree, the step is about `learningRate` long, for large and small gradients alike.
 * Where they contradict each other, it is short (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1).
 *
 * **Moments.** With the gradient $g_t$ of step $t$, counted from 1, Adam keeps two exponential moving averages, which
 * start at 0 (`first` and `second`):
 *
 * $$ m_t = \beta_1 m_{t-1} + (1 - \beta_1)\, g_t, \qquad v_t = \beta_2 v_{t-1} + (1 - \beta_2)\, g_t^2 . $$
 *
 * **Bias correction.** Written out, $m_t = (1 - \beta_1) \sum_{i=1}^t \beta_1^{t-i} g_i$. If all gradients were the
 * same $g$, this geometric sum would be
 *
 * $$ m_t = (1 - \beta_1)\, g \sum_{k=0}^{t-1} \beta_1^k = (1 - \beta_1^t)\, g : $$
 *
 * too small, because a share of $\beta_1^t$ still belongs to the initial zero. **Dividing** by the share of the
 * gradients, $1 - \beta_1^t$, makes it a mean again (section 3 of the paper):
 *
 * $$ \hat m_t = \frac{m_t}{1 - \beta_1^t}, \qquad \hat v_t = \frac{v_t}{1 - \beta_2^t} . $$
 *
 * **Update.** With $\eta$ the `learningRate`, and $\epsilon$ (`eps`) outside the root:
 *
 * $$ \theta_t = \theta_{t-1} - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} . $$
 *
 * The corrections are the same for all weights, so they can be computed once per step. Multiply numerator and
 * denominator by $\sqrt{1 - \beta_2^t}$ (end of section 2 of the paper):
 *
 * $$ \theta_t = \theta_{t-1} - \underbrace{\eta\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}}_{\texttt{stepSize}}\;
 *    \frac{m_t}{\sqrt{v_t} + \epsilon \sqrt{1 - \beta_2^t}} . $$
 *
 * **Decay.** The gradient of the penalty $\frac\lambda2 \lVert\theta\rVert^2$ is added to the gradient of the loss,
 * $g_t + \lambda\theta_{t-1}$, as in PyTorch's Adam. It then goes through the quotient like any gradient. `AdamW`
 * keeps it apart.
 */
export class Adam extends Optimizer {
  /** λ, from 0 up. */
  protected readonly weightDecay: number;
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly eps: number;
  private readonly first: readonly NdArray[];
  private readonly second: readonly NdArray[];

  /**
   * @param parameters what `step` updates: usually `layer.parameters()`
   * @param options the learning rate, the decay of both moments, ε and weight decay
   * @throws RangeError for an option that is unknown or out of range
   */
  constructor(parameters: readonly Parameter[], options: AdamOptions) {
    const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weightDecay = 0, ...others } = checkedOptions('Adam', options);
    super(parameters, others);
    this.assertOption('beta1', beta1, beta1 >= 0 && beta1 < 1, 'from 0 to below 1');
    this.assertOption('beta2', beta2, beta2 >= 0 && beta2 < 1, 'from 0 to below 1');
    this.assertOption('eps', eps, eps > 0 && eps < Infinity, 'a number above 0');
    this.assertOption('weightDecay', weightDecay, weightDecay >= 0 && weightDecay < Infinity, 'a number from 0 up');
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.eps = eps;
    this.weightDecay = weightDecay;
    this.first = parameters.map(({ value }) => zerosLike(value));
    this.second = parameters.map(({ value }) => zerosLike(value));
  }

  step(): void {
    this.steps++;
    const { beta1, beta2, steps, learningRate } = this;
    const { gradientDecay, valueDecay } = this;
    const correction = Math.sqrt(1 - beta2 ** steps);
    const stepSize = (learningRate * correction) / (1 - beta1 ** steps);
    const eps = this.eps * correction;
    const [rest1, rest2, keep] = [1 - beta1, 1 - beta2, 1 - valueDecay];
    const update = (grad: number, value: number, first: number, second: number) => {
      const g = grad + gradientDecay * value;
      const m = beta1 * first + rest1 * g;
      const v = beta2 * second + rest2 * g * g;
      return [keep * value - (stepSize * m) / (Math.sqrt(v) + eps), m, v];
    };
    const numbers = [beta1, rest1, beta2, rest2, stepSize, eps, gradientDecay, keep];
    for (const [i, { value, grad }] of this.parameters.entries()) {
      const changed = { value, first: this.first[i], second: this.second[i] };
      updateInPlace('Adam.step', changed, grad, update, { name: 'adam', numbers });
    }
  }

  /** What weight decay adds to the gradient, as a factor of the value. */
  protected get gradientDecay(): number {
    return this.weightDecay;
  }

  /** What weight decay takes off the value directly, as a factor of the value. */
  protected get valueDecay(): number {
    return 0;
  }

  protected override memory(): Record<string, readonly NdArray[]> {
    return { firstMoment: this.first, secondMoment: this.second };
  }
}
