import { assign, copy } from '../../../array/index.js';
import type { Layer } from '../../../layers/layer.js';
import type { Parameter } from '../../../layers/parameter.js';
import type { Objective } from './objective.js';
import {
  cosine,
  distance,
  gradientOf,
  lengthOf,
  type ParameterVector,
  setValues,
  valuesOf,
} from './parameter-vectors.js';

/** The internal covariate shift of one layer at one step. */
export interface CovariateShift {
  /** ‖G − G′‖₂. */
  difference: number;
  /** ‖G‖₂, for comparison. */
  length: number;
  /** The cosine of the angle between G and G′. */
  cosine: number;
}

/**
 * Internal covariate shift, as Santurkar et al. 2018 (arXiv 1805.11604) define it: how much the gradient of a layer
 * changes because the layers before it take their step. With the parameters $W_1 \dots W_k$ of the layers at step $t$
 * and at step $t + 1$,
 *
 * $$ G = \nabla_{W_i} L(W_1^t, \dots, W_k^t), \qquad
 *    G' = \nabla_{W_i} L(W_1^{t+1}, \dots, W_{i-1}^{t+1}, W_i^t, \dots, W_k^t), $$
 *
 * on the same batch. G and G′ are gradients with respect to the first parameter of a layer, its weight; all
 * parameters of the layers before it move. Restores the parameters and their gradient.
 *
 * @param layers the parameters of each layer: together those of the objective, in its order
 * @param next the values after the step, one array for each parameter of the objective
 * @param wanted the indices of the layers to measure. Default: all
 */
export function covariateShift(
  objective: Objective,
  layers: readonly (readonly Parameter[])[],
  next: ParameterVector,
  wanted: readonly number[] = layers.map((_, i) => i),
): CovariateShift[] {
  const { parameters } = objective;
  const start = valuesOf(parameters);
  objective.evaluate();
  const gradient = gradientOf(parameters);
  const shifts = wanted.map((i) => {
    const own = layers[i].slice(0, 1);
    const before = layers.slice(0, i).reduce((total, layer) => total + layer.length, 0);
    const G = [copy(gradient[before])];
    setValues(parameters.slice(0, before), next.slice(0, before));
    objective.evaluate();
    const shifted = gradientOf(own);
    setValues(parameters, start);
    return { difference: distance(G, shifted), length: lengthOf(G), cosine: cosine(G, shifted) };
  });
  for (const [i, { grad }] of parameters.entries()) assign(grad, gradient[i]);
  return shifts;
}

/**
 * The parameters of a net by layer. A layer without a weight, such as a norm, counts as part of the layer before it.
 */
export function parametersByLayer(layers: readonly Layer[]): Parameter[][] {
  const groups: Parameter[][] = [];
  for (const parameters of layers.map((layer) => layer.parameters())) {
    if (parameters.length === 0) continue;
    if (parameters[0].name === 'weight' || groups.length === 0) groups.push([...parameters]);
    else groups[groups.length - 1].push(...parameters);
  }
  return groups;
}
