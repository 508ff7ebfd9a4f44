import { InputError, printable } from '../array/index.js';
import { isCount } from '../models/setting.js';
import type { EarlyStop, History, HistoryEntry } from './history.js';

/**
 * The history of a run from the content of its `history.json`.
 *
 * @param json what `JSON.parse` or `response.json()` returns
 * @param name what an error calls the file. Default: `'history.json'`.
 * @throws InputError that names the first entry that is missing or not valid
 */
export function decodeHistory(json: unknown, name = 'history.json'): History {
  const { firstLoss, evaluations, stopped } = fieldsOf(json);
  if (!Array.isArray(evaluations) || stopped === undefined)
    throw new InputError(`${name} is not the history of a run: it has no 'evaluations' or no 'stopped'`);
  if (firstLoss !== null && !isNumber(firstLoss)) throw invalid(name, 'firstLoss', 'a finite number or null');
  const entries = evaluations.map((entry, i) => entryOf(entry, `evaluations[${i}]`, name));
  entries.forEach(({ step, testR2 }, i) => {
    const before = entries[i - 1];
    if (before && before.step >= step)
      throw invalid(name, `evaluations[${i}].step`, 'more steps than the one before it');
    if (before && (before.testR2 === undefined) !== (testR2 === undefined))
      throw invalid(name, `evaluations[${i}].testR2`, 'only in all evaluations or in none');
  });
  const stop = stopped === null ? null : stopOf(stopped, name);
  if (stop && (entries.at(-1)?.step ?? 0) > stop.step)
    throw invalid(name, 'stopped.step', 'at least the step of the last evaluation');
  return { firstLoss, evaluations: entries, stopped: stop };
}

function entryOf(json: unknown, place: string, name: string): HistoryEntry {
  const { step, epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, testR2 } = fieldsOf(json);
  const refuse = (entry: string, expected: string) => invalid(name, `${place}.${entry}`, expected);
  if (!isCount(step)) throw refuse('step', 'a whole number from 1 up');
  if (!isCount(epoch)) throw refuse('epoch', 'a whole number from 1 up');
  if (!isLoss(trainLoss)) throw refuse('trainLoss', 'a number from 0 up');
  if (!isLoss(testLoss)) throw refuse('testLoss', 'a number from 0 up');
  const begin = { step, epoch, trainLoss };
  if (testR2 !== undefined) {
    if (!isNumber(testR2) || testR2 > 1) throw refuse('testR2', 'a number up to 1');
    return { ...begin, testLoss, testR2 };
  }
  if (!isAccuracy(trainAccuracy)) throw refuse('trainAccuracy', 'a number from 0 to 1');
  if (!isAccuracy(testAccuracy)) throw refuse('testAccuracy', 'a number from 0 to 1');
  return { ...begin, trainAccuracy, testLoss, testAccuracy };
}

function stopOf(json: unknown, name: string): EarlyStop {
  const { reason, step, message } = fieldsOf(json);
  if (reason !== 'interrupted' && reason !== 'diverged')
    throw invalid(name, 'stopped.reason', 'interrupted or diverged');
  if (step !== 0 && !isCount(step)) throw invalid(name, 'stopped.step', 'a whole number from 0 up');
  if (typeof message !== 'string') throw invalid(name, 'stopped.message', 'a sentence');
  return { reason, step, message: printable(message) };
}

function fieldsOf(json: unknown): Record<string, unknown> {
  return typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : {};
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function isLoss(value: unknown): value is number {
  return isNumber(value) && value >= 0;
}

function isAccuracy(value: unknown): value is number {
  return isNumber(value) && value >= 0 && value <= 1;
}

function invalid(name: string, entry: string, expected: string): InputError {
  return new InputError(`${name} has no valid '${entry}': expected ${expected}`);
}
