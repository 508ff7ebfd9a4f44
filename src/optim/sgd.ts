import { addInPlace } from '../array/index.js';
import { Optimizer } from './optimizer.js';

/**
 * Stochastic gradient descent: every parameter takes a small step down its gradient, the steepest way there is
 * (Robbins and Monro 1951),
 *
 * $$ \theta \leftarrow \theta - \eta\, \frac{\partial L}{\partial \theta} , $$
 *
 * with $\eta$ the `learningRate` and the gradient that of one mini-batch.
 */
export class SGD extends Optimizer {
  step(): void {
    for (const { value, grad } of this.parameters) addInPlace(value, grad, -this.learningRate);
  }
}
