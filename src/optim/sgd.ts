import { addInPlace, assertFlag, checkedOptions, type NdArray, updateInPlace, zerosLike } from '../array/index.js';
import type { Parameter } from '../layers/parameter.js';
import { Optimizer, type OptimizerOptions } from './optimizer.js';

/** The options of `SGD`. */
export interface SGDOptions extends OptimizerOptions {
  /** μ, the share of the velocity that each step keeps, from 0 to below 1. Default: 0. */
  momentum?: number;
  /** Uses the gradient at the point where the momentum leads. Needs a momentum above 0. Default: false. */
  nesterov?: boolean;
  /** λ, how strongly weights are pulled toward 0. Default: 0. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent: every parameter takes a small step down its gradient, the direction of steepest
 * descent (Robbins and Monro 1951),
 *
 * $$ \theta_t = \theta_{t-1} - \eta\, g_t, \qquad g_t = \frac{\partial L}{\partial \theta} , $$
 *
 * with $\eta$ the `learningRate` and the gradient that of one mini-batch.
 *
 * **Momentum.** In a narrow valley the gradient points across the valley more than along it. A velocity $b$
 * (`velocity`, 0 at first) adds up the steps: what points back and forth cancels, and what stays adds up (Polyak
 * 1964):
 *
 * $$ b_t = \mu\, b_{t-1} + g_t, \qquad \theta_t = \theta_{t-1} - \eta\, b_t . $$
 *
 * A constant gradient makes steps $1 + \mu + \mu^2 + \dots = 1/(1 - \mu)$ times as long: ten times for $\mu = 0.9$.
 * As in PyTorch, $\eta$ is outside the velocity, so a change of the learning rate has an effect at once.
 *
 * **Nesterov.** The velocity moves $\theta$ by $-\eta\mu b_{t-1}$ in any case, so use the gradient at that point
 * (Nesterov 1983; Sutskever et al. 2013, equations 3 and 4):
 *
 * $$ b_t = \mu\, b_{t-1} + \nabla L(\theta_{t-1} - \eta\mu\, b_{t-1}), \qquad \theta_t = \theta_{t-1} - \eta\, b_t . $$
 *
 * It is simpler to have the gradient where the parameters are, so keep that point instead,
 * $\tilde\theta_t = \theta_t - \eta\mu\, b_t$. Then $g_t$ is the gradient at $\tilde\theta_{t-1}$. While $\eta$ is
 * constant,
 *
 * $$ \begin{aligned}
 *    \tilde\theta_t - \tilde\theta_{t-1} &= (\theta_t - \theta_{t-1}) - \eta\mu\, b_t + \eta\mu\, b_{t-1} \\
 *    &= -\eta\, (b_t - \mu\, b_{t-1}) - \eta\mu\, b_t = -\eta\, (g_t + \mu\, b_t) ,
 * \end{aligned} $$
 *
 * which is the update here and in PyTorch, with the parameters $\tilde\theta$. When a schedule changes $\eta$, the
 * two forms differ in that step by the change of $\eta\mu\, b_{t-1}$.
 *
 * **Weight decay.** The penalty $\frac\lambda2 \lVert\theta\rVert^2$ has the gradient $\lambda\theta$. In all
 * equations above, $g_t + \lambda\theta_{t-1}$ takes the place of $g_t$.
 */
export class SGD extends Optimizer {
  private readonly momentum: number;
  private readonly nesterov: boolean;
  private readonly weightDecay: number;
  private readonly velocity: readonly NdArray[] | undefined;

  /**
   * @param parameters what `step` updates: usually `layer.parameters()`
   * @param options the learning rate, momentum and weight decay
   * @throws RangeError for an option that is unknown or out of range, or for `nesterov` without momentum
   */
  constructor(parameters: readonly Parameter[], options: SGDOptions) {
    const { momentum = 0, nesterov = false, weightDecay = 0, ...others } = checkedOptions('SGD', options);
    super(parameters, others);
    assertFlag('SGD', 'nesterov', nesterov);
    this.assertOption('momentum', momentum, momentum >= 0 && momentum < 1, 'from 0 to below 1');
    this.assertOption('weightDecay', weightDecay, weightDecay >= 0 && weightDecay < Infinity, 'a number from 0 up');
    if (nesterov && momentum === 0) throw new RangeError('SGD: nesterov needs a momentum above 0');
    this.momentum = momentum;
    this.nesterov = nesterov;
    this.weightDecay = weightDecay;
    // Plain descent keeps no velocity. Decay alone could do without one too, but that is not worth a third kind of
    // update.
    if (momentum > 0 || weightDecay > 0) this.velocity = parameters.map(({ value }) => zerosLike(value));
  }

  step(): void {
    this.steps++;
    const { learningRate, momentum, nesterov, weightDecay } = this;
    const [ofGradient, ofVelocity] = nesterov ? [learningRate, learningRate * momentum] : [0, learningRate];
    const update = (grad: number, value: number, velocity: number) => {
      const g = grad + weightDecay * value;
      const b = momentum * velocity + g;
      return [value - (ofGradient * g + ofVelocity * b), b];
    };
    const numbers = [momentum, weightDecay, ofGradient, ofVelocity];
    for (const [i, { value, grad }] of this.parameters.entries()) {
      if (!this.velocity) addInPlace(value, grad, -learningRate);
      else
        updateInPlace('SGD.step', { value, velocity: this.velocity[i] }, grad, update, { name: 'momentum', numbers });
    }
  }

  protected override memory(): Record<string, readonly NdArray[]> {
    return this.velocity ? { velocity: this.velocity } : {};
  }
}
