import { mean, type NdArray, subtract, sumOfSquares } from '../array/index.js';
import { type Batch, checkedBatch } from '../data/sample-set.js';
import { assertModule, type Module } from '../layers/module.js';
import { CrossEntropy } from '../losses/cross-entropy.js';
import type { Loss } from '../losses/loss.js';
import { assertLoss } from '../losses/loss-checks.js';
import { MSELoss } from '../losses/mse-loss.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import type { Evaluation } from './evaluate.js';
import type { HistoryEntry } from './history.js';
import { inspectLayers } from './inspect-layers.js';

/** Outputs that differ less than this between samples have vanished: where nets learn, they differ by about 1. */
const VANISHED = 1e-2;
/** Weights whose gradient is this much shorter than the longest gradient hardly move. */
const SHORTER = 1e-4;
/** How close to the loss of a guess a loss counts as equal to it. */
const CLOSE = 0.01;

/**
 * Whether a net does no better than a guess that ignores its input. For a classifier: the best such guess gives each class its
 * share $p_c$ in the test set. Its loss is the entropy $-\sum_c p_c \ln p_c$, which is $\ln C$ for classes of one
 * size, and its accuracy is the largest share.
 *
 * @returns true if training and test loss are within 1 % of that loss, and the test accuracy is at most three standard
 * deviations of sampling, $\sqrt{p(1-p)/N}$, above that share; for a regression, if $R^2$ is within 1 % of 0, that of the mean target; false for another loss than a
 * cross-entropy or the mean squared error
 */
export function isAtChance(
  loss: Loss,
  { trainLoss, testLoss, testAccuracy = 0, testR2 }: Omit<HistoryEntry, 'step' | 'epoch'>,
  { confusion = [] }: Pick<Evaluation, 'confusion'>,
): boolean {
  if (loss instanceof MSELoss) return testR2 !== undefined && Math.abs(testR2) <= CLOSE;
  if (!(loss instanceof CrossEntropy || loss instanceof SoftmaxCrossEntropy)) return false;
  const counts = confusion.map((row) => row.reduce((total, count) => total + count, 0));
  const samples = counts.reduce((total, count) => total + count, 0);
  const shares = counts.filter((count) => count > 0).map((count) => count / samples);
  const entropy = shares.reduce((total, p) => total - p * Math.log(p), 0);
  const largest = Math.max(...shares);
  const noise = 3 * Math.sqrt((largest * (1 - largest)) / samples);
  const close = [trainLoss, testLoss].every((value) => Math.abs(value - entropy) <= CLOSE * entropy);
  return close && testAccuracy <= largest + noise;
}

/**
 * Says in a sentence in which layer of a net the activations or the gradients vanish. Call it when a net does not
 * learn. The net ends in training mode, and its gradients stay as they were.
 *
 * @param batch as the net takes it; a hundred samples show enough
 * @returns the first layer after which all outputs up to the last layer with weights hardly differ between samples; or
 * the last layer with weights whose gradient is shorter than 1e-4 of the longest; or a sentence that nothing vanishes
 */
export function diagnoseNet(model: Module, loss: Loss, batch: Batch): string {
  assertModule('diagnoseNet', model);
  assertLoss('diagnoseNet', loss);
  checkedBatch('diagnoseNet', batch);
  if (spread(batch.x) < VANISHED)
    return `the inputs hardly differ between samples (standard deviation ${spread(batch.x).toExponential(1)}): scale them`;
  const layers = inspectLayers(model, loss, batch);
  const weighted = layers.filter(({ weightNorm }) => weightNorm !== undefined);
  const hidden = layers.slice(0, weighted.length > 0 ? layers.lastIndexOf(weighted[weighted.length - 1]) : 0);
  const alive = hidden.map(({ out }) => spread(out) >= VANISHED).lastIndexOf(true);
  if (alive < hidden.length - 1) {
    const { name, out } = hidden[alive + 1];
    return (
      `activations vanish in layer ${name}: its outputs hardly differ between samples (standard deviation ` +
      `${spread(out).toExponential(1)}), and the layers after it have nothing to learn from. Larger initial weights (init) or a norm may help`
    );
  }
  const longest = Math.max(...weighted.map(({ weightNorm = 0 }) => weightNorm));
  const [still] = weighted.filter(({ weightNorm = 0 }) => weightNorm <= SHORTER * longest).slice(-1);
  if (still) {
    return (
      `gradients vanish in layer ${still.name}: the gradient of its weights has the length ${still.weightNorm?.toExponential(1)}, ` +
      `and the longest one ${longest.toExponential(1)}. Other initial weights (init) or a norm may help`
    );
  }
  return 'activations and gradients do not vanish in any layer. A larger learning rate or more steps may help';
}

/** By how much the rows of an array differ: the root of the mean variance of its columns. */
function spread(x: NdArray): number {
  return Math.sqrt(sumOfSquares(subtract(x, mean(x, { axis: 0, keepDims: true }))) / x.size);
}
