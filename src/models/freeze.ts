import { Module } from '../layers/module.js';
import type { Parameter } from '../layers/parameter.js';
import { classifierOf } from './load-weights.js';
import type { Model } from './model.js';

/**
 * Freezes everything below the last layer with parameters, the classifier: it stays in evaluation, so that batch norms use
 * their running statistics and dropout drops nothing, and `accumulateGradients` does not go back through it.
 *
 * @returns the parameters that are left to learn
 */
export function freezeFeatures(model: Model): Parameter[] {
  const children = model.children();
  const [, classifier] = classifierOf(model);
  const at = children.findIndex(([, child]) => child === classifier);
  for (const [, child] of children.slice(0, at)) {
    child.eval();
    child.train = () => child.eval();
  }
  model.accumulateGradients = (dout) => {
    const d = children.slice(at + 1).reduceRight((upstream, [, child]) => child.backward(upstream), dout);
    if (classifier instanceof Module) classifier.accumulateGradients(d);
    else classifier.backward(d);
  };
  return classifier.parameters();
}
