import { join } from 'node:path';
import { abs, InputError, messageOf, sum } from '../../array/index.js';
import { PIXELS } from '../../data/pixel-scale.js';
import type { StateDict } from '../../layers/module.js';
import { type Evaluation, evaluate } from '../../training/evaluate.js';
import { DATASETS } from '../data/datasets.js';
import type { LoadOptions } from '../data/loaded-set.js';
import { parseRunConfig } from './read-config.js';
import { buildModel, modelSizeOf } from './run-config.js';
import { RUN_FILES, readJson, readModel } from './run-folder.js';
import { testSource } from './run-sources.js';
import { splitOf } from './split.js';

/** An evaluation, and the names of its classes. */
export interface RunEvaluation extends Evaluation {
  /** By label. */
  classes: readonly string[];
}

/**
 * Evaluates the net of a run folder on the whole test set of its data.
 *
 * @param folder the absolute path of the run folder
 * @throws InputError for a folder that does not hold a run, a damaged file, or missing data
 */
export async function evaluateRun(folder: string, options: LoadOptions = {}): Promise<RunEvaluation> {
  const path = join(folder, RUN_FILES.config);
  const config = parseRunConfig(await readJson(path), path);
  const state = await readModel(folder);
  assertFiniteState(state, join(folder, RUN_FILES.model));
  const data = await DATASETS[config.dataset].load(options);
  const model = buildModel(config, modelSizeOf(data.test));
  try {
    model.loadStateDict(state);
  } catch (cause) {
    const file = join(folder, RUN_FILES.model);
    throw new InputError(`${file} does not fit ${RUN_FILES.config} beside it: ${messageOf(cause)}`, { cause });
  }
  const images = testSource(config, data.test, PIXELS[config.pixels](splitOf(config, data).train));
  const evaluation = await evaluate(model, model.loss(), images, options.signal);
  return { ...evaluation, classes: data.test.classNames };
}

function assertFiniteState(state: StateDict, path: string): void {
  for (const [name, value] of Object.entries(state)) {
    if (!Number.isFinite(sum(abs(value))))
      throw new InputError(`${path} holds numbers that are not finite, in ${name}`);
  }
}
