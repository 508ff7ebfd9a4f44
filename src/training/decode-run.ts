import { assertBytes, checkedOptions, decodeNpz, InputError } from '../array/index.js';
import { decodeInputs } from '../data/net-inputs.js';
import { readModelConfig } from '../models/read-settings.js';
import { isNetData, TrainedNet } from './trained-net.js';

/** The files of a run folder that its net is made of. */
export interface RunFiles {
  /** The content of `config.json`, as `JSON.parse` or `response.json()` returns it. */
  config: unknown;
  /** The bytes of `model.npz`. */
  model: Uint8Array;
  /** The bytes of `inputs.npz`. */
  inputs: Uint8Array;
}

/**
 * The net of a run from the content of its files: what a page needs to predict with a net that `handgrad train`
 * trained. In Node, `loadRun` of `handgrad/node` reads the folder itself.
 *
 * @throws InputError for a damaged file, files of different runs, or a run of a version that wrote no `inputs.npz`
 */
export function decodeRun(files: RunFiles): TrainedNet {
  const { config, model, inputs } = checkedOptions('decodeRun', files);
  assertBytes('decodeRun', 'model', model);
  assertBytes('decodeRun', 'inputs', inputs);
  const { model: found, data } = Object(config);
  if (!isNetData(data)) throw new InputError("config.json has no valid 'data'; earlier versions did not write it");
  return new TrainedNet({
    ...data,
    model: readModelConfig(found, 'config.json'),
    state: decodeNpz(model, 'model.npz'),
    inputs: decodeInputs(inputs, 'inputs.npz'),
  });
}
