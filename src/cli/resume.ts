import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../array/index.js';
import { isThere, makeFolder } from '../node/data/folders.js';
import type { Checkpoint } from '../node/runs/checkpoint.js';
import type { CheckpointFolder } from '../node/runs/checkpoint-folder.js';
import { clearRemains, RUN_FILES, readJson } from '../node/runs/run-folder.js';
import type { RunRecord } from '../node/runs/run-record.js';
import { parseConfig, type TrainConfig } from '../node/runs/train-config.js';
import type { History } from '../training/history.js';
import type { Console } from './console.js';
import { runDocument } from './summary.js';

/** Flags that a resumed run may be given: none of them changes what it computes, but for the engine, which says so. */
const FREE = ['resume', 'json', 'dataDir', 'backend', 'threads', 'checkpointEvery', 'report'];

/**
 * Sees to it that the flags typed beside `--resume` say nothing that the run does not.
 *
 * @throws InputError that names those that do
 */
export function assertNoContradiction(command: Command, folder: string, config: TrainConfig): void {
  const settings = new Map<string, unknown>(Object.entries(config));
  const typed = command.options
    .map((option) => ({ flag: option.long, name: option.attributeName() }))
    .filter(({ name }) => command.getOptionValueSource(name) === 'cli' && !FREE.includes(name));
  const contradictions = typed.flatMap(({ flag, name }) => {
    const value: unknown = command.getOptionValue(name);
    if (name === 'out' && resolve(String(value)) === folder) return [];
    if (name === 'out' || name === 'force')
      throw new InputError(`${flag} is not for --resume, which goes on in the run's own folder`);
    const [typedText, ownText] = [textOf(value), textOf(settings.get(name))];
    return typedText === ownText ? [] : [`${flag} ${typedText} contradicts ${ownText}`];
  });
  if (contradictions.length > 0) {
    const path = join(folder, RUN_FILES.config);
    throw new InputError(`a resumed run keeps its settings: ${contradictions.join(', ')} in ${path}`);
  }
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') || 'none' : String(value ?? 'none');
}

/** Says how a run ended, and returns the exit code that this had; undefined when there is something to go on with. */
export async function endOf(folder: string, record: RunRecord, out: Console): Promise<number | undefined> {
  const path = join(folder, RUN_FILES.history);
  if (!(await isThere(path))) return undefined;
  const history = asHistory(await readJson(path), path);
  if (history.stopped?.reason === 'interrupted') return undefined;
  if (history.stopped) process.stderr.write(`handgrad: ${history.stopped.message}; resumed, it would again\n`);
  const last = history.evaluations.at(-1);
  const result = last ? `: test accuracy ${last.testAccuracy.toFixed(4)} at step ${last.step}` : '';
  if (!history.stopped) {
    out.note(`${folder} is finished${result}`);
    await clearRemains(folder).catch(() => {}); // of a run that was killed as it tidied up
  }
  out.result(runDocument(folder, record, history, { confusion: null, seconds: 0 }));
  return history.stopped ? 1 : 0;
}

function asHistory(json: unknown, path: string): History {
  const isHistory = (value: unknown): value is History =>
    typeof value === 'object' &&
    value !== null &&
    'stopped' in value &&
    'evaluations' in value &&
    Array.isArray(value.evaluations);
  if (!isHistory(json)) throw new InputError(`${path} is no history of a run`);
  return json;
}

/**
 * The newest whole checkpoint of a run; undefined when it is to start over. Says which it is.
 *
 * @throws InputError when the folder cannot be written, or the checkpoint is of other settings than `config.json`
 */
export async function lastCheckpoint(
  run: string,
  checkpoints: CheckpointFolder,
  config: TrainConfig,
  out: Console,
): Promise<Checkpoint | undefined> {
  await makeFolder(run);
  const checkpoint = await checkpoints.newest((message) => out.say(message));
  if (!checkpoint) {
    if (await isThere(join(run, RUN_FILES.history)))
      throw new InputError(`${run} was interrupted and has no whole checkpoint to go on from; it stays as it is`);
    out.note(`${run} has no whole checkpoint; starting over`);
    return undefined;
  }
  const { step } = checkpoint.state.trainer;
  const path = checkpoints.pathOf(step);
  const own = new Map(Object.entries(parseConfig(checkpoint.settings, path)));
  const other = Object.entries(config).find(([name, value]) => textOf(own.get(name)) !== textOf(value));
  if (other) {
    const [name, value] = other;
    throw new InputError(
      `${join(run, RUN_FILES.config)} was changed: '${name}' is ${textOf(value)}, and ${textOf(own.get(name))} in ${path}`,
    );
  }
  out.note(`going on from step ${step} of ${config.maxSteps}`);
  return checkpoint;
}
