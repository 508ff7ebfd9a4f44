import { InputError, shapeText } from '../../array/index.js';
import type { SampleSet } from '../../data/sample-set.js';
import { type Evaluation, evaluate } from '../../training/evaluate.js';
import type { LoadOptions } from '../data/loaded-set.js';
import { type LoadedRun, loadRunWith } from './load-run.js';
import { lossOf, type RunConfig } from './run-config.js';
import { inUnits, loadSet, type RunData } from './run-data.js';
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
  let loading: Promise<RunData> | undefined;
  const load = (config: RunConfig) => {
    loading ??= loadSet(config, options);
    return loading;
  };
  const run = await loadRunWith(folder, load);
  const { test } = await load(run.config);
  assertSameData(run, test);
  const samples = testSource(run.config, test, run.inputs);
  const evaluation = await evaluate(run.model, lossOf(run.config, run.model), samples, options.signal);
  return { ...inUnits<Evaluation>(evaluation, run.inputs), classes: test.classNames, targets: test.targetNames };
}

/** Checks that the net can be tested on a set: a folder of data may have changed since the run. */
function assertSameData({ folder, sample, classes, targets, features }: LoadedRun, now: SampleSet): void {
  if (String(now.sample) !== String(sample)) {
    throw new InputError(
      `${folder} takes samples of shape ${shapeText(sample)}, and the data set now has ${shapeText(now.sample)}`,
    );
  }
  for (const [what, own, found] of [
    ['classes', classes, now.classNames],
    ['targets', targets, now.targetNames],
    ['features', features ?? [], now.featureNames ?? []],
  ] as const) {
    if (own.length === found.length && own.every((name, i) => name === found[i])) continue;
    throw new InputError(`${folder} has the ${what} ${own.join(', ')}, and the data set now has ${found.join(', ')}`);
  }
}
