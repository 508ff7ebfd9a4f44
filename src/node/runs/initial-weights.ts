import { readFile } from 'node:fs/promises';
import { decodeNpz, InputError } from '../../array/index.js';
import { decodePth } from '../../data/pth.js';
import { decodeSafetensors } from '../../data/safetensors.js';
import type { StateDict } from '../../layers/module.js';
import { loadWeights, type WeightsReport } from '../../models/load-weights.js';
import type { Model } from '../../models/model.js';
import { isPretrained, pretrainedInCache } from '../data/pretrained.js';
import { reasonOf } from '../data/system-reason.js';

/**
 * Reads weights from a file: `.pth` or `.pt` of PyTorch, `.safetensors`, or the `model.npz` of a run. Its name says which
 * one it is; any other name is that of a `.pth` file.
 *
 * @throws InputError that names a file that cannot be read
 */
export async function readWeights(path: string): Promise<StateDict> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (path.endsWith('.npz')) return decodeNpz(bytes, path);
  return path.endsWith('.safetensors') ? decodeSafetensors(bytes, path) : decodePth(bytes, path);
}

/**
 * Copies the weights of a file into a net; its classifier is replaced if it has other classes.
 *
 * @param from the path of the file, or the name of weights in the cache
 */
export async function startFrom(from: string, model: Model): Promise<WeightsReport> {
  const path = isPretrained(from) ? await pretrainedInCache(from) : from;
  return loadWeights(model, await readWeights(path), path);
}
