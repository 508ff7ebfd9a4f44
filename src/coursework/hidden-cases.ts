import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, messageOf } from '../array/index.js';
import type { TestCase } from './grading/test-case.js';
import { parseNumber, parseRecord } from './rubric.js';
import { parseJson } from './strict-json.js';
import type { TaskFile } from './task.js';

const KEYS = ['task', 'name', 'sizes', 'options', 'std', 'mean', 'seed'];
const SIZES = ['N', 'D', 'M', 'C', 'L', 'G', 'O', 'H', 'W', 'KH', 'KW'];
const OPTIONS = ['alpha', 'eps', 'momentum', 'p', 'bias', 'evaluation', 'ties', 'shortcut'];
/** Options of windows, in pixels. */
const PIXELS = ['stride', 'padding', 'strideW', 'paddingW'];
const MAX_SIZE = 200;
/** A padding this wide around an image of one pixel has nothing left to test. */
const MAX_PIXELS = 20;
/** An array of a case has at most this many elements. */
const MAX_ELEMENTS = 200_000;

/**
 * Reads the hidden cases in a folder, by task. Each JSON file holds a case or a list of cases, such as
 * `{ "task": "linear.backward", "name": "one input", "sizes": { "N": 4, "D": 1, "M": 3 }, "seed": "a secret" }`.
 *
 * @throws InputError that names the file
 */
export function readHidden(folder: string, files: readonly TaskFile[]): Record<string, Partial<TestCase>[]> {
  const tasks = files.flatMap((file) => file.tasks.map(({ id }) => id));
  const cases: Record<string, Partial<TestCase>[]> = {};
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    try {
      const value = parseJson(readFileSync(path, 'utf8'));
      for (const [i, item] of (Array.isArray(value) ? value : [value]).entries()) {
        const { task, ...given } = parseCase(item, `${name} ${i + 1}`);
        if (!tasks.includes(task)) throw new Error(`unknown task "${task}"; expected one of ${tasks.join(', ')}`);
        cases[task] = [...(cases[task] ?? []), given];
      }
    } catch (cause) {
      throw new InputError(`${path}: ${messageOf(cause)}`, { cause });
    }
  }
  return cases;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (cause) {
    throw new InputError(`${folder}: cannot read this folder`, { cause });
  }
}

function parseCase(value: unknown, place: string): Partial<TestCase> & { task: string } {
  const given = parseRecord('a case', value, KEYS);
  const sizes = Object.entries(parseRecord('"sizes"', given.sizes ?? {}, SIZES));
  const options = Object.entries(parseRecord('"options"', given.options ?? {}, [...OPTIONS, ...PIXELS]));
  for (const axes of [
    ['N', 'D', 'L'],
    ['N', 'C', 'H', 'W'],
    ['O', 'C', 'KH', 'KW'],
  ]) {
    const elements = axes.reduce((product, key) => product * Number(new Map(sizes).get(key) ?? 1), 1);
    if (elements > MAX_ELEMENTS) {
      throw new InputError(`${axes.join(' · ')} must be at most ${MAX_ELEMENTS}, got ${elements}`);
    }
  }
  return {
    task: String(given.task),
    name: `hidden: ${given.name ?? place}`,
    seed: String(given.seed ?? place),
    sizes: Object.fromEntries(sizes.map(([key, size]) => [key, whole(`"${key}"`, size)])),
    options: Object.fromEntries(options.map(([key, it]) => [key, typeof it === 'boolean' ? it : parseOption(key, it)])),
    ...(given.std === undefined ? {} : { std: parseNumber('"std"', given.std, 0, 1e6) }),
    ...(given.mean === undefined ? {} : { mean: parseNumber('"mean"', given.mean, -1e6, 1e6) }),
  };
}

function parseOption(key: string, value: unknown): number {
  return PIXELS.includes(key)
    ? parseNumber(`"${key}"`, value, 0, MAX_PIXELS)
    : parseNumber(`"${key}"`, value, -1e6, 1e6);
}

function whole(what: string, value: unknown): number {
  const size = parseNumber(what, value, 1, MAX_SIZE);
  if (!Number.isInteger(size)) throw new InputError(`${what} must be a whole number, got ${size}`);
  return size;
}
