import { join, resolve } from 'node:path';
import { assertText, checkedOptions, InputError } from '../../array/index.js';
import { TrainedNet, type TrainedNetParts } from '../../training/trained-net.js';
import { datasetOf } from '../data/datasets.js';
import type { LoadOptions } from '../data/loaded-set.js';
import { checkedLoadOptions } from '../data/loaded-set.js';
import { parseRunConfig } from './read-config.js';
import type { RunConfig } from './run-config.js';
import { loadSet, netDataOf, type RunData } from './run-data.js';
import { RUN_FILES, readInputs, readJson, readModel } from './run-folder.js';
import { netDataIn } from './run-record.js';
import { netInputs } from './run-sources.js';
import { splitOf } from './split.js';

/** The net of a run folder. */
export class LoadedRun extends TrainedNet {
  /**
   * `loadRun` makes one.
   *
   * @hidden
   */
  constructor(
    /** The absolute path of the run folder. */
    readonly folder: string,
    /** The settings of the run. */
    readonly config: RunConfig,
    parts: Omit<TrainedNetParts, 'model'>,
  ) {
    assertText('LoadedRun', 'folder', folder);
    checkedOptions('LoadedRun', config);
    checkedOptions('LoadedRun', parts);
    super({ ...parts, model: config.model }, namesIn(folder));
  }
}

/** The options of `loadRun`, for a run of an earlier version. */
export interface LoadRunOptions extends LoadOptions {
  /** Called with a sentence if the data set has to be loaded. */
  onNote?: (sentence: string) => void;
}

/**
 * Loads the net of a run folder. It needs no data set, except for a run of an earlier version that has no
 * `inputs.npz`: what is subtracted from an image is then computed from the data set again.
 *
 * @param folder the run folder
 * @returns the net with its trained weights, ready to `predict`
 * @throws InputError for a folder that does not hold a run, or holds a damaged one; for a run of an earlier version
 * also if its data set is missing
 */
export async function loadRun(folder: string, options: LoadRunOptions = {}): Promise<LoadedRun> {
  assertText('loadRun', 'folder', folder);
  checkedLoadOptions('loadRun', options);
  return loadRunWith(folder, (config) => loadSet(config, options), options.onNote);
}

/**
 * `loadRun` with its own way to load a data set.
 *
 * @param load called only for a run of an earlier version
 */
export async function loadRunWith(
  folder: string,
  load: (config: RunConfig) => Promise<RunData>,
  onNote?: (sentence: string) => void,
): Promise<LoadedRun> {
  const path = resolve(folder);
  const configPath = join(path, RUN_FILES.config);
  const json = await readJson(configPath);
  const config = parseRunConfig(json, configPath);
  const data = netDataIn(json, configPath);
  const state = await readModel(path);
  const inputs = await readInputs(path);
  if (data && inputs) return new LoadedRun(path, config, { ...data, inputs, state });
  const { title } = datasetOf(config.dataset);
  const missing = `${path} has no ${RUN_FILES.inputs}, which earlier versions did not write`;
  onNote?.(`${missing}; computing it from ${title}`);
  let set: RunData;
  try {
    set = await load(config);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError(`${missing}, so ${title} is needed: ${cause.message}`, { cause });
  }
  const { train } = splitOf(config, set);
  return new LoadedRun(path, config, { ...netDataOf(config.dataset, train), inputs: netInputs(config, train), state });
}

function namesIn(folder: string) {
  const [config, model, inputs] = [RUN_FILES.config, RUN_FILES.model, RUN_FILES.inputs];
  return { config, model: join(folder, model), inputs: join(folder, inputs) };
}
