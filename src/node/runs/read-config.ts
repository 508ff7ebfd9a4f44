import { InputError } from '../../array/index.js';
import { MODELS, type ModelConfig, modelKind, modelNamed } from '../../models/model-table.js';
import { defaultsOf, type SettingsTable, type ValuesOf } from '../../models/setting.js';
import { assertConsistent } from './config-checks.js';
import { settingsOf } from './optimizer-kinds.js';
import type { PartialRunConfig, RunConfig } from './run-config.js';
import { runDefaultsOf } from './run-flags.js';
import { RUN_SETTINGS } from './run-settings.js';

/** What an error calls a configuration that is not from a file. */
const WHERE = 'the configuration';

/** The course's settings for its MLP: they reach a test accuracy of about 0.49. */
export const DEFAULTS = { ...runConfig(), model: modelNamed('mlp', runConfig()) } satisfies RunConfig;

/**
 * A complete configuration.
 *
 * @param given the settings that are not at their defaults. Default: none.
 * @throws InputError for a setting that is unknown, of the wrong kind, or does not fit the others
 */
export function runConfig(given: PartialRunConfig = {}): RunConfig {
  const { model = { name: 'mlp' }, ...settings } = given;
  const { settings: table } = modelKind({ name: modelName(model, WHERE) });
  assertKnown(RUN_SETTINGS, settings, '');
  assertKnown({ name: true, ...table }, model, 'model.');
  const complete = { ...runDefaultsOf(model.name), ...settings, model: { ...defaultsOf(table), ...model } };
  const config = readEntries(complete, WHERE);
  assertConsistent(config, settings);
  return config;
}

/**
 * The configuration in a run's `config.json`, also in one of an older version.
 *
 * @param path what an error calls the file
 * @throws InputError that names the first entry that is missing, of the wrong kind, or does not fit the others
 */
export function parseRunConfig(json: unknown, path: string): RunConfig {
  const found = typeof json === 'object' && json !== null ? json : {};
  // When the MLP was the only model, its settings stood beside those of the run.
  const config = readEntries('model' in found ? found : { ...found, model: { ...found, name: 'mlp' } }, path);
  try {
    assertConsistent(config, config);
  } catch (cause) {
    throw cause instanceof InputError ? new InputError(`${path}: ${cause.message}`, { cause }) : cause;
  }
  return config;
}

function readEntries(found: { model?: unknown }, path: string): RunConfig {
  const model = typeof found.model === 'object' && found.model !== null ? found.model : {};
  const name = modelName(model, path);
  const { momentum, nesterov, weightDecay, beta1, beta2, ...settings } = readTable(RUN_SETTINGS, found, path, '');
  const optimizer = settingsOf(settings.optimizer, { momentum, nesterov, weightDecay, beta1, beta2 });
  const own = { name, ...readTable(MODELS[name].settings, model, path, 'model.') } as ModelConfig;
  return { ...settings, ...optimizer, model: own };
}

/** The settings of a table in an object; where one is missing, the value that older files imply. */
function readTable<T extends SettingsTable>(table: T, found: object, path: string, prefix: string): ValuesOf<T> {
  const values = new Map<string, unknown>(Object.entries(found));
  const entries = Object.entries(table).map(([name, row]) => {
    const value = values.has(name) ? values.get(name) : row.implied;
    if (!row.valid(value)) throw invalid(path, prefix + name, value);
    return [name, value];
  });
  return Object.fromEntries(entries) as ValuesOf<T>;
}

function modelName(model: object, path: string): ModelConfig['name'] {
  const name = 'name' in model ? model.name : undefined;
  if (typeof name !== 'string' || !Object.hasOwn(MODELS, name)) throw invalid(path, 'model.name', name);
  return name as ModelConfig['name'];
}

function assertKnown(table: object, given: object, prefix: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw new InputError(`${WHERE} has an unknown setting '${prefix}${unknown}'`);
}

function invalid(path: string, entry: string, value: unknown): InputError {
  return new InputError(`${path} has no valid '${entry}': ${JSON.stringify(value) ?? 'missing'}`);
}
