import { checkedOptions } from '../array/index.js';
import type { Parameter } from '../layers/parameter.js';
import { Adam, type AdamOptions } from './adam.js';

/**
 * Adam with decoupled weight decay: every weight shrinks by the same factor at each step, independent of its
 * gradients (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2),
 *
 * $$ \theta_t = (1 - \eta\lambda)\, \theta_{t-1} - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} , $$
 *
 * with $\eta$ the `learningRate` and $\lambda$ the `weightDecay`. The moments are those of `Adam`, of the gradient of
 * the loss alone. As in PyTorch, the factor contains $\eta$, so it follows the schedule of the learning rate.
 *
 * **Decay, and why not in the gradient.** For `SGD` the two are the same:
 *
 * $$ \theta - \eta\,(g + \lambda\theta) = (1 - \eta\lambda)\,\theta - \eta g . $$
 *
 * In Adam, a pull $\lambda\theta$ in the gradient is divided by $\sqrt{\hat v}$ with the rest of it. So the weights
 * with the largest gradients, which need the pull most, get the least of it.
 */
export class AdamW extends Adam {
  /**
   * @param parameters what `step` updates: usually `layer.parameters()`
   * @param options those of `Adam`. Default of `weightDecay`: 0.01.
   * @throws RangeError for an option that is unknown or out of range
   */
  constructor(parameters: readonly Parameter[], options: AdamOptions) {
    const { weightDecay = 0.01, ...others } = checkedOptions('AdamW', options);
    super(parameters, { weightDecay, ...others });
  }

  protected override get gradientDecay(): number {
    return 0;
  }

  protected override get valueDecay(): number {
    return this.learningRate * this.weightDecay;
  }
}
