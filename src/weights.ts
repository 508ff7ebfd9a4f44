/**
 * Weights from elsewhere: files of PyTorch and of safetensors, and nets that start from them. It is an entry of its own,
 * `import { decodePth, loadWeights } from 'handgrad/weights'`, so that pages that need none of it do not carry it.
 *
 * @module handgrad/weights
 */

export { decodePth } from './data/pth.js';
export { decodeSafetensors, encodeSafetensors } from './data/safetensors.js';
export { pytorchName } from './layers/pytorch-names.js';
export { loadWeights, type WeightsReport } from './models/load-weights.js';
