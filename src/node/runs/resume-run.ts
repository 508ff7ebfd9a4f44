import { join, resolve } from 'node:path';
import { assertFlag, assertText, checkedOptions, InputError } from '../../array/index.js';
import { decodeHistory } from '../../training/decode-history.js';
import type { History } from '../../training/history.js';
import { isThere, makeFolder } from '../data/folders.js';
import type { LoadOptions } from '../data/loaded-set.js';
import type { Checkpoint } from './checkpoint.js';
import { CheckpointFolder } from './checkpoint-folder.js';
import type { CheckpointEvery } from './checkpointer.js';
import { assertCheckpointEvery } from './checkpointer.js';
import { assertRunOptions, executeRun, type RunListener, type RunResult } from './execute-run.js';
import { parseRunConfig } from './read-config.js';
import type { RunConfig } from './run-config.js';
import { assertSameData } from './run-data.js';
import { formatSetting, settingsByName } from './run-flags.js';
import { CHECKPOINTS, clearRemains, RUN_FILES, readJson } from './run-folder.js';
import { withRunLock } from './run-lock.js';
import { readRecord } from './run-record.js';
import { loadRunData } from './train-run.js';

/** The options of `resumeRun`. */
export interface ResumeRunOptions extends RunListener, LoadOptions {
  /** Steps between two checkpoints, or `'minute'`, or `'none'`. Default: as before. */
  checkpointEvery?: CheckpointEvery;
  /** Writes `report.html` with all pictures. Default: false. */
  report?: boolean;
}

/**
 * Continues the run in a folder where it was stopped or killed. On the engine of the run, which `setBackend` selects,
 * the result is byte-identical to that of an uninterrupted run.
 *
 * @param folder the run folder
 * @throws InputError when the folder is not a run or is not writable, when the run has ended, or when the checkpoint
 * belongs to other settings than `config.json`
 */
export async function resumeRun(folder: string, options: ResumeRunOptions = {}): Promise<RunResult> {
  assertText('resumeRun', 'folder', folder);
  const { checkpointEvery, report } = checkedOptions('resumeRun', options);
  assertRunOptions('resumeRun', options, ['checkpointEvery', 'report']);
  if (checkpointEvery !== undefined) assertCheckpointEvery('resumeRun', checkpointEvery);
  if (report !== undefined) assertFlag('resumeRun', 'report', report);
  const path = resolve(folder);
  await readRecord(path); // a folder that is not a run gets no lock
  return withRunLock(path, () => resumeLocked(path, options));
}

async function resumeLocked(path: string, options: ResumeRunOptions): Promise<RunResult> {
  const record = await readRecord(path);
  if (await endedHistory(path, record.config)) throw new InputError(`${path} has ended: there is nothing to resume`);
  if (options.checkpointEvery !== undefined) record.checkpointEvery = options.checkpointEvery;
  const checkpoints = new CheckpointFolder(join(path, CHECKPOINTS));
  const from = await lastCheckpoint(path, checkpoints, record.config, options);
  const data = await loadRunData(record.config, { ...options, dataDir: options.dataDir ?? record.dataDir });
  if (record.data) assertSameData(path, record.data, data.train);
  return executeRun({ ...options, folder: path, record, checkpoints, data, resumed: true, from });
}

/**
 * The history of a run that has ended: it reached its last step, or it diverged. Removes what a finished run does not
 * need.
 *
 * @param config the settings of the run
 * @returns undefined for a run that can be resumed
 * @throws InputError if `history.json` is not the history of such a run
 */
export async function endedHistory(folder: string, { maxSteps }: RunConfig): Promise<History | undefined> {
  const path = join(folder, RUN_FILES.history);
  if (!(await isThere(path))) return undefined;
  const history = decodeHistory(await readJson(path), path);
  const last = history.stopped?.step ?? history.evaluations.at(-1)?.step ?? 0;
  if (history.stopped ? last > maxSteps : last !== maxSteps)
    throw new InputError(`${path} ends at step ${last}, and ${RUN_FILES.config} has ${maxSteps} steps`);
  if (history.stopped?.reason === 'interrupted') return undefined;
  if (!history.stopped) await clearRemains(folder).catch(() => {}); // a run may be killed while it does this itself
  return history;
}

/** The newest complete checkpoint of a run, or undefined if the run has to start over. */
export async function lastCheckpoint(
  run: string,
  checkpoints: CheckpointFolder,
  config: RunConfig,
  { onNote, onWarning }: RunListener,
): Promise<Checkpoint | undefined> {
  await makeFolder(run);
  const checkpoint = await checkpoints.newest((message) => onWarning?.(message));
  if (!checkpoint) {
    if (await isThere(join(run, RUN_FILES.history)))
      throw new InputError(`${run} was interrupted and has no complete checkpoint to resume from; nothing was changed`);
    onNote?.(`${run} has no complete checkpoint; starting over`);
    return undefined;
  }
  const { step } = checkpoint.state.trainer;
  const path = checkpoints.pathOf(step);
  const saved = settingsByName(parseRunConfig(checkpoint.settings, path));
  for (const [name, value] of settingsByName(config)) {
    const other = saved.get(name);
    if (formatSetting(other) === formatSetting(value)) continue;
    const file = join(run, RUN_FILES.config);
    throw new InputError(
      `${file} was changed: '${name}' is ${formatSetting(value)}, and ${formatSetting(other)} in ${path}`,
    );
  }
  onNote?.(`resuming at step ${step} of ${config.maxSteps}`);
  return checkpoint;
}
