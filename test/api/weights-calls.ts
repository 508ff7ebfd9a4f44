import * as api from '../../src/index.js';
import * as weights from '../../src/weights.js';
import { type CallTable, optionsOf } from './call-table.js';

const x = api.array([
  [1, 2, 3],
  [4, 5, 7],
]);

/** The functions of `handgrad/weights`. */
export const WEIGHTS_CALLS: CallTable = {
  decodePth: {
    call: weights.decodePth,
    args: [
      ['bytes', new Uint8Array(3)],
      ['optionalText', 'x.pth'],
    ],
    unmade: true,
  },
  decodeSafetensors: {
    call: weights.decodeSafetensors,
    args: [
      ['bytes', weights.encodeSafetensors({ x })],
      ['optionalText', 'x.safetensors'],
    ],
  },
  encodeSafetensors: { call: weights.encodeSafetensors, args: [optionsOf({ x: ['array', x] })] },
  loadWeights: {
    call: weights.loadWeights,
    args: [
      ['layer', new api.Sequential(new api.Linear(3, 2))],
      optionsOf({ '0.weight': ['array', x], '0.bias': ['array', api.array([1, 2])] }),
      ['optionalText', 'x.pth'],
    ],
  },
  pytorchName: { call: weights.pytorchName, args: [['text', 'layers.0.weight']] },
};
