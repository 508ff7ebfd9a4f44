import { accumulation } from './accumulation/accumulation.js';
import { bestMlp } from './best-mlp/best-mlp.js';
import { bnOptimization } from './bn-optimization/bn-optimization.js';
import { convnet } from './convnet/convnet-experiment.js';
import type { Experiment } from './experiment.js';
import { mnistBatchnorm } from './mnist-batchnorm/mnist-batchnorm.js';
import { norms } from './norms/norms.js';
import { table1 } from './table1/table1.js';
import { transfer } from './transfer/transfer.js';
import { vanishing } from './vanishing/vanishing.js';
import { vggBatchnorm } from './vgg-batchnorm/vgg-batchnorm.js';

/** The experiments, in the order of the documentation. */
export const EXPERIMENTS: readonly Experiment<unknown>[] = [
  table1,
  bestMlp,
  convnet,
  transfer,
  norms,
  mnistBatchnorm,
  bnOptimization,
  vggBatchnorm,
  accumulation,
  vanishing,
];
