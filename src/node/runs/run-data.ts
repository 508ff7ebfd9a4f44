import { at, InputError, shapeText } from '../../array/index.js';
import type { NetInputs } from '../../data/net-inputs.js';
import type { SampleSet } from '../../data/sample-set.js';
import type { Evaluation } from '../../training/evaluate.js';
import type { NetData } from '../../training/trained-net.js';
import { datasetOf } from '../data/datasets.js';
import type { LoadedSet, LoadOptions } from '../data/loaded-set.js';
import type { RunConfig } from './run-config.js';

/** The data of a run: images, or samples of real numbers. */
export type RunData = LoadedSet<SampleSet>;

/** Loads the data set of a run, with what the run is to learn from it. */
export function loadSet({ dataset, labels, loss, target }: RunConfig, options: LoadOptions): Promise<RunData> {
  const task = loss === 'mse' ? 'regression' : 'classification';
  return datasetOf(dataset).load({ ...options, task, target, labels });
}

/** What the net of a run takes and gives: the entry `data` of its `config.json`. */
export function netDataOf(dataset: string, { sample, classNames, targetNames, featureNames }: SampleSet): NetData {
  return {
    title: datasetOf(dataset).title,
    sample,
    classes: classNames,
    ...(targetNames.length > 0 && { targets: targetNames }),
    ...(featureNames && { features: featureNames }),
  };
}

/** An evaluation whose errors are in the units of the targets: the net learns them with standard deviation 1. */
export function inUnits<E extends Evaluation>(evaluation: E, { targets }: NetInputs): E {
  if (!evaluation.columns || !targets) return evaluation;
  const columns = evaluation.columns.map((column, m) => ({ ...column, rmse: column.rmse * at(targets.deviation, m) }));
  return { ...evaluation, columns };
}

/**
 * Checks that a set has the samples that the net of a run takes: a user's own data may have changed since the run.
 *
 * @throws InputError that names the run and what has changed
 */
export function assertSameData(
  folder: string,
  { sample, classes, targets, features }: Omit<NetData, 'title'>,
  now: SampleSet,
): void {
  if (String(now.sample) !== String(sample)) {
    throw new InputError(
      `${folder} takes samples of shape ${shapeText(sample)}, and the data set now has ${shapeText(now.sample)}`,
    );
  }
  for (const [what, own, found] of [
    ['classes', classes, now.classNames],
    ['targets', targets ?? [], now.targetNames],
    ['features', features ?? [], now.featureNames ?? []],
  ] as const) {
    if (own.length === found.length && own.every((name, i) => name === found[i])) continue;
    throw new InputError(`${folder} has the ${what} ${own.join(', ')}, and the data set now has ${found.join(', ')}`);
  }
}
