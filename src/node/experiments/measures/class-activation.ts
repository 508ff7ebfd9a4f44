import { maximum, mean, multiply, type NdArray, oneHot, sum } from '../../../array/index.js';
import type { Sequential } from '../../../layers/sequential.js';

/** The least height and width of the map that is looked at. Smaller maps say too little about where. */
const LEAST = 4;

/**
 * Where in an image a net finds a class: Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391, equations 1 and 2), of the last
 * feature map that has at least 4 × 4 pixels. The channels of the map $A$ are added up, each with the mean of the gradient of the
 * class's logit $y_c$ as its weight, and what speaks against the class is cut off:
 *
 * $$ \alpha_k = \frac1{HW} \sum_{i,j} \frac{\partial y_c}{\partial A_{kij}}, \qquad
 *    \mathrm{map}_{ij} = \max\Big(0, \sum_k \alpha_k A_{kij}\Big) . $$
 *
 * @param net in evaluation mode, with images as its inputs and logits as its outputs. The gradients of its parameters
 * change.
 * @param x (N, C, H, W)
 * @param classes the class of each image
 * @returns (N, h, w), the maps
 * @throws RangeError if no layer has such a map
 */
export function classActivation({ layers }: Sequential, x: NdArray, classes: readonly number[]): NdArray {
  const outputs: NdArray[] = [];
  for (const layer of layers) outputs.push(layer.forward(outputs.at(-1) ?? x));
  const from = outputs.map(({ shape: [, , height, width] }) => height >= LEAST && width >= LEAST).lastIndexOf(true);
  if (from === -1) throw new RangeError(`classActivation: no layer has a map of ${LEAST} × ${LEAST} pixels`);
  const logits = outputs[outputs.length - 1];
  const dLogits = oneHot(classes, logits.shape[1], logits.dtype); // (N, C): the gradient of the logit itself
  const gradient = layers.slice(from + 1).reduceRight((d, layer) => layer.backward(d), dLogits);
  const alpha = mean(gradient, { axis: [2, 3], keepDims: true }); // (N, K, 1, 1)
  return maximum(sum(multiply(outputs[from], alpha), { axis: 1 }), 0); // (N, h, w)
}
