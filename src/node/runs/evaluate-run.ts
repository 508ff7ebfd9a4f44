import { InputError, shapeText } from '../../array/index.js';
import type { ImageSet } from '../../data/image-set.js';
import { type Evaluation, evaluate } from '../../training/evaluate.js';
import { datasetOf } from '../data/datasets.js';
import type { LoadedSet, LoadOptions } from '../data/loaded-set.js';
import { type LoadedRun, loadRunWith } from './load-run.js';
import { modelSizeOf, type RunConfig } from './run-config.js';
import { savedScale, testSource } from './run-sources.js';

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
  let loading: Promise<LoadedSet> | undefined;
  const load = ({ dataset }: RunConfig) => {
    loading ??= datasetOf(dataset).load(options);
    return loading;
  };
  const run = await loadRunWith(folder, load);
  const { test } = await load(run.config);
  assertSameData(run, test);
  const images = testSource(run.config, test, savedScale(run.inputs));
  const evaluation = await evaluate(run.model, run.model.loss(), images, options.signal);
  return { ...evaluation, classes: test.classNames };
}

/** Checks that the net can be tested on a set: a folder of data may have changed since the run. */
function assertSameData({ folder, sample, classes }: LoadedRun, set: ImageSet): void {
  const found = modelSizeOf(set);
  if (String(found.sample) !== String(sample)) {
    throw new InputError(
      `${folder} takes samples of shape ${shapeText(sample)}, and the data set now has ${shapeText(found.sample)}`,
    );
  }
  const now = set.classNames;
  if (now.length === classes.length && classes.every((name, label) => name === now[label])) return;
  throw new InputError(`${folder} has the classes ${classes.join(', ')}, and the data set now has ${now.join(', ')}`);
}
