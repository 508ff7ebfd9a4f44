import type { AdamUpdate } from '../array/index.js';
import type { Parameter } from '../layers/parameter.js';
import { Adam, type AdamOptions } from './adam.js';

/**
 * Adam with decoupled weight decay: the weights shrink by the same share at every step, whatever their gradients are
 * (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2),
 *
 * $$ \theta_t = (1 - \eta\lambda)\, \theta_{t-1} - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon} , $$
 *
 * with $\eta$ the `learningRate`, $\lambda$ the `weightDecay`, and the moments those of `Adam` of the loss's gradient
 * alone. As in PyTorch, the share is $\eta\lambda$ and follows the schedule of the learning rate.
 *
 * **Decay, and why not in the gradient.** For `SGD` the two are the same:
 *
 * $$ \theta - \eta\,(g + \lambda\theta) = (1 - \eta\lambda)\,\theta - \eta g . $$
 *
 * In Adam a pull $\lambda\theta$ that is
 * part of the gradient is divided by $\sqrt{\hat v}$ like the rest of it, so the weights with the largest gradients,
 * those that most need holding back, are held back least.
 */
export class AdamW extends Adam {
  /**
   * @param parameters what `step` updates: usually `layer.parameters()`
   * @param options those of `Adam`; `weightDecay` is 0.01 without
   * @throws RangeError for an option that is unknown or lies where it means nothing
   */
  constructor(parameters: readonly Parameter[], { weightDecay = 0.01, ...options }: AdamOptions) {
    super(parameters, { weightDecay, ...options });
  }

  protected override decay(): Pick<AdamUpdate, 'gradientDecay' | 'valueDecay'> {
    return { gradientDecay: 0, valueDecay: this.learningRate * this.weightDecay };
  }
}
