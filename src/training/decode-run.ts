import { decodeNpz, InputError } from '../array/index.js';
import { decodeInputs } from '../data/net-inputs.js';
import { MODELS, type ModelConfig, type ModelName } from '../models/model-table.js';
import type { SettingsTable } from '../models/setting.js';
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
export function decodeRun({ config, model, inputs }: RunFiles): TrainedNet {
  const { model: found, data } = Object(config);
  if (!isNetData(data)) throw new InputError("config.json has no valid 'data'; earlier versions did not write it");
  return new TrainedNet({
    ...data,
    model: modelConfigIn(Object(found)),
    state: decodeNpz(model, 'model.npz'),
    inputs: decodeInputs(inputs, 'inputs.npz'),
  });
}

function modelConfigIn(found: Record<string, unknown>): ModelConfig {
  const { name } = found;
  if (typeof name !== 'string' || !Object.hasOwn(MODELS, name)) throw invalid('model.name', name);
  const table: SettingsTable = MODELS[name as ModelName].settings;
  const values = Object.entries(table).map(([setting, row]) => {
    const value = Object.hasOwn(found, setting) ? found[setting] : row.implied;
    if (!row.valid(value)) throw invalid(`model.${setting}`, value);
    return [setting, value];
  });
  return { name, ...Object.fromEntries(values) };
}

function invalid(entry: string, value: unknown): InputError {
  return new InputError(`config.json has no valid '${entry}': ${JSON.stringify(value) ?? 'missing'}`);
}
