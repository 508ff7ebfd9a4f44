import { activations } from './activations.js';
import { convolution } from './convolution.js';
import { depth } from './depth.js';
import { layerNorm } from './layer-norm.js';
import type { Moving } from './moving.js';
import { norms } from './norms.js';
import { paths } from './paths.js';
import { pooling } from './pooling.js';
import { softmax, softmaxLoss } from './softmax.js';
import { valley } from './valley.js';

/** The figures that move, by the names with which a chapter asks for them: `{{live activations}}`. */
export const FIGURES: Readonly<Record<string, Moving>> = {
  paths,
  activations,
  depth,
  softmax,
  'softmax-loss': softmaxLoss,
  'layer-norm': layerNorm,
  norms,
  convolution,
  pooling,
  valley,
};
