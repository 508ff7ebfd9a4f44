import { assertText } from '../../array/index.js';
import { type Evaluation, evaluate } from '../../training/evaluate.js';
import type { LoadOptions } from '../data/loaded-set.js';
import { checkedLoadOptions } from '../data/loaded-set.js';
import { loadRunWith } from './load-run.js';
import { lossOf, type RunConfig } from './run-config.js';
import { assertSameData, inUnits, loadSet, type RunData } from './run-data.js';
import { testSource } from './run-sources.js';

/** An evaluation, and the names of its classes. */
export interface RunEvaluation extends Evaluation {
  /** By label. Empty for a net that predicts numbers. */
  classes: readonly string[];
  /** One name per column of `columns`, whose errors are in the units of the data. Empty for a classifier. */
  targets: readonly string[];
}

/**
 * Evaluates the net of a run folder on the whole test set of its data.
 *
 * @param folder the absolute path of the run folder
 * @throws InputError for a folder that does not hold a run, a damaged file, or missing data
 */
export async function evaluateRun(folder: string, options: LoadOptions = {}): Promise<RunEvaluation> {
  assertText('evaluateRun', 'folder', folder);
  checkedLoadOptions('evaluateRun', options);
  let loading: Promise<RunData> | undefined;
  const load = (config: RunConfig) => {
    loading ??= loadSet(config, options);
    return loading;
  };
  const run = await loadRunWith(folder, load);
  const { test } = await load(run.config);
  assertSameData(folder, run, test);
  const samples = testSource(run.config, test, run.inputs);
  const evaluation = await evaluate(run.model, lossOf(run.config, run.model), samples, options.signal);
  return { ...inUnits<Evaluation>(evaluation, run.inputs), classes: test.classNames, targets: test.targetNames };
}
