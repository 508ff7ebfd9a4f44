import { InputError, printable } from '../array/index.js';
import { MODELS, type ModelConfig, type ModelName } from './model-table.js';
import type { SettingsTable, ValuesOf } from './setting.js';

/** An error quotes a value up to this length. */
const MOST_QUOTED = 200;

/**
 * The settings of a table in a JSON object. Where one is missing, it gets the value that older files imply.
 *
 * @param path what an error calls the file
 * @param prefix what stands before the name of a setting in an error, such as `model.`
 * @throws InputError that names the first setting that is missing or not valid
 */
export function readSettings<T extends SettingsTable>(
  table: T,
  found: object,
  path: string,
  prefix: string,
): ValuesOf<T> {
  const values = new Map<string, unknown>(Object.entries(found));
  const entries = Object.entries(table).map(([name, row]) => {
    const value = values.has(name) ? values.get(name) : row.implied;
    if (!row.valid(value)) throw invalidEntry(path, prefix + name, value);
    return [name, value];
  });
  return Object.fromEntries(entries) as ValuesOf<T>;
}

/**
 * The entry `model` of a run's `config.json`.
 *
 * @param path what an error calls the file
 * @throws InputError that names the first setting that is missing or not valid
 */
export function readModelConfig(found: unknown, path: string): ModelConfig {
  const model = typeof found === 'object' && found !== null ? found : {};
  const name = readModelName(model, path);
  return { name, ...readSettings(MODELS[name].settings, model, path, 'model.') } as ModelConfig;
}

/** @throws InputError unless `model` has the name of a model */
export function readModelName(model: object, path: string): ModelName {
  const name = 'name' in model ? model.name : undefined;
  if (typeof name !== 'string' || !Object.hasOwn(MODELS, name)) throw invalidEntry(path, 'model.name', name);
  return name as ModelName;
}

/** The error for an entry of a JSON file that is missing or not valid. */
export function invalidEntry(path: string, entry: string, value: unknown): InputError {
  return new InputError(`${path} has no valid '${entry}': ${quoted(value)}`);
}

/** A JSON value in a sentence. */
function quoted(value: unknown): string {
  let text: string;
  try {
    text = printable(JSON.stringify(value) ?? 'missing');
  } catch {
    return 'a value that is nested too deeply'; // JSON.stringify recurses, unlike JSON.parse
  }
  return text.length <= MOST_QUOTED ? text : `${text.slice(0, MOST_QUOTED)}…`;
}
