import { addInPlace, momentumUpdateInPlace, type NdArray, zerosLike } from '../array/index.js';
import type { Parameter } from '../layers/parameter.js';
import { Optimizer, type OptimizerOptions } from './optimizer.js';

/** The options of `SGD`. */
export interface SGDOptions extends OptimizerOptions {
  /** μ, how much of the velocity is kept from step to step, from 0 to below 1; 0 without. */
  momentum?: number;
  /** Step by the gradient where the velocity is about to lead; false without. */
  nesterov?: boolean;
  /** λ, how strongly weights are pulled towards 0; 0 without. */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent: every parameter takes a small step down its gradient, the steepest way there is
 * (Robbins and Monro 1951),
 *
 * $$ \theta_t = \theta_{t-1} - \eta\, g_t, \qquad g_t = \frac{\partial L}{\partial \theta} , $$
 *
 * with $\eta$ the `learningRate` and the gradient that of one mini-batch.
 *
 * **Momentum.** In a narrow valley the gradient points across more than along. Steps add up in a velocity $b$
 * (`velocity`, 0 at first), in which what points to and fro cancels and what stays adds up (Polyak 1964):
 *
 * $$ b_t = \mu\, b_{t-1} + g_t, \qquad \theta_t = \theta_{t-1} - \eta\, b_t . $$
 *
 * A gradient that stays makes steps $1 + \mu + \mu^2 + \dots = 1/(1 - \mu)$ times as long: ten times, for $\mu = 0.9$.
 * As in PyTorch, $\eta$ stands outside the velocity, so a change of the learning rate acts at once.
 *
 * **Nesterov.** The velocity will carry $\theta$ by $-\eta\mu b_{t-1}$ whatever the gradient says, so ask for the
 * gradient there (Nesterov 1983; Sutskever et al. 2013, equations 3 and 4):
 *
 * $$ b_t = \mu\, b_{t-1} + \nabla L(\theta_{t-1} - \eta\mu\, b_{t-1}), \qquad \theta_t = \theta_{t-1} - \eta\, b_t . $$
 *
 * To have the gradient always where the parameters are, keep that point instead,
 * $\tilde\theta_t = \theta_t - \eta\mu\, b_t$. Then $g_t$ is the gradient at $\tilde\theta_{t-1}$, and
 *
 * $$ \begin{aligned}
 *    \tilde\theta_t - \tilde\theta_{t-1} &= (\theta_t - \theta_{t-1}) - \eta\mu\, b_t + \eta\mu\, b_{t-1} \\
 *    &= -\eta\, (b_t - \mu\, b_{t-1}) - \eta\mu\, b_t = -\eta\, (g_t + \mu\, b_t) ,
 * \end{aligned} $$
 *
 * which is the update here and in PyTorch, with the parameters $\tilde\theta$.
 *
 * **Weight decay.** The penalty $\frac\lambda2 \lVert\theta\rVert^2$ has the gradient $\lambda\theta$, which is added:
 * $g_t + \lambda\theta_{t-1}$ takes the place of $g_t$ in all of the above.
 */
export class SGD extends Optimizer {
  private readonly momentum: number;
  private readonly nesterov: boolean;
  private readonly weightDecay: number;
  private readonly velocity: readonly NdArray[] | undefined;

  /**
   * @param parameters what `step` updates: usually `layer.parameters()`
   * @param options the learning rate, momentum and weight decay
   * @throws RangeError for an option that is unknown or lies where it means nothing, or for `nesterov` without momentum
   */
  constructor(
    parameters: readonly Parameter[],
    { momentum = 0, nesterov = false, weightDecay = 0, ...options }: SGDOptions,
  ) {
    super(parameters, options);
    this.assertOption('momentum', momentum, momentum >= 0 && momentum < 1, 'from 0 to below 1');
    this.assertOption('weightDecay', weightDecay, weightDecay >= 0 && weightDecay < Infinity, 'a number from 0 up');
    if (nesterov && momentum === 0) throw new RangeError('SGD: nesterov needs a momentum above 0');
    this.momentum = momentum;
    this.nesterov = nesterov;
    this.weightDecay = weightDecay;
    // Plain descent needs no memory. Decay alone could do without it too, but that is not worth a third way to update.
    if (momentum > 0 || weightDecay > 0) this.velocity = parameters.map(({ value }) => zerosLike(value));
  }

  step(): void {
    this.steps++;
    const { learningRate, momentum, nesterov, weightDecay } = this;
    for (const [i, { value, grad }] of this.parameters.entries()) {
      if (!this.velocity) addInPlace(value, grad, -learningRate);
      else momentumUpdateInPlace(value, grad, this.velocity[i], { learningRate, momentum, nesterov, weightDecay });
    }
  }

  protected override memory(): Record<string, readonly NdArray[]> {
    return this.velocity ? { velocity: this.velocity } : {};
  }
}
