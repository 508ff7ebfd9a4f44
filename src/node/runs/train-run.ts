import { join, resolve } from 'node:path';
import { assertFlag, assertText, checkedOptions } from '../../array/index.js';
import { discardFolder, makeFolder, makeNewFolder } from '../data/folders.js';
import type { LoadOptions } from '../data/loaded-set.js';
import { CheckpointFolder } from './checkpoint-folder.js';
import type { CheckpointEvery } from './checkpointer.js';
import { assertCheckpointEvery } from './checkpointer.js';
import { assertBatches, assertFits } from './config-checks.js';
import { assertRunOptions, executeRun, type RunListener, type RunResult } from './execute-run.js';
import { runConfig } from './read-config.js';
import { modelSizeOf, type PartialRunConfig, type RunConfig } from './run-config.js';
import { loadSet, type RunData } from './run-data.js';
import { assertNoRun, CHECKPOINTS } from './run-folder.js';
import { withRunLock } from './run-lock.js';
import { environment } from './run-record.js';
import { splitOf } from './split.js';

/** The options of `trainRun`. They do not change the results of the run. */
export interface TrainRunOptions extends RunListener, LoadOptions {
  /** The run folder. Default: a new folder in `runs/`. */
  out?: string;
  /** Overwrites a run in `out`. Default: false. */
  force?: boolean;
  /** Steps between two checkpoints, or `'minute'`, or `'none'`. Default: `'minute'`. */
  checkpointEvery?: CheckpointEvery;
  /** Writes `report.html` with all pictures. Default: false. */
  report?: boolean;
}

/**
 * Trains a net and writes a run folder: all that `handgrad train` does. It computes on the current engine, which
 * `setBackend` selects.
 *
 * @param settings those that are not at their defaults
 * @returns how the run ended; a run that `signal` stopped or that diverged returns as well, and its history says so
 * @throws InputError for settings that are not valid, missing data, or a folder that cannot be written or holds a run
 */
export async function trainRun(settings: PartialRunConfig, options: TrainRunOptions = {}): Promise<RunResult> {
  checkedOptions('trainRun', settings);
  assertTrainRunOptions(options);
  const { out, force = false, checkpointEvery = 'minute', dataDir } = options;
  const config = runConfig(settings);
  const made = out === undefined ? await makeNewFolder(defaultFolder(config)) : await makeFolder(out);
  const { folder } = made;
  try {
    return await withRunLock(folder, async () => {
      if (!force) await assertNoRun(folder);
      const data = await loadRunData(config, options);
      const record = {
        ...{ config, checkpointEvery, environment: environment(), earlier: [] },
        dataDir: dataDir && resolve(dataDir),
      };
      const checkpoints = new CheckpointFolder(join(folder, CHECKPOINTS));
      return await executeRun({ ...options, folder, record, checkpoints, data });
    });
  } catch (error) {
    await discardFolder(made);
    throw error;
  }
}

/**
 * The samples that a run trains on and those that it is evaluated on.
 *
 * @throws InputError when they are missing or too few, AbortError when the signal stops the loading
 */
export async function loadRunData(config: RunConfig, options: LoadOptions): Promise<RunData> {
  const data = await loadSet(config, options);
  options.signal?.throwIfAborted();
  const split = { ...data, ...splitOf(config, data) };
  assertFits(config, modelSizeOf(data.train));
  assertBatches(config, split.train);
  return split;
}

function defaultFolder({ seed }: RunConfig): string {
  const now = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return join('runs', `${now}-seed${seed}`);
}

function assertTrainRunOptions(options: TrainRunOptions): void {
  const call = 'trainRun';
  const { out, force, checkpointEvery, report } = checkedOptions(call, options);
  assertRunOptions(call, options, ['out', 'force', 'checkpointEvery', 'report']);
  if (out !== undefined) assertText(call, 'out', out);
  if (checkpointEvery !== undefined) assertCheckpointEvery(call, checkpointEvery);
  for (const [name, flag] of Object.entries({ force, report })) if (flag !== undefined) assertFlag(call, name, flag);
}
