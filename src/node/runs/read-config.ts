import { checkedOptions, InputError } from '../../array/index.js';
import { modelKind, modelNamed } from '../../models/model-table.js';
import { readModelConfig, readModelName, readSettings } from '../../models/read-settings.js';
import { defaultsOf } from '../../models/setting.js';
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
  checkedOptions('runConfig', given);
  if (given.model !== undefined) checkedOptions('runConfig', given.model);
  const { model = { name: 'mlp' }, ...settings } = given;
  const { settings: table } = modelKind({ name: readModelName(model, WHERE) });
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
  const { momentum, nesterov, weightDecay, beta1, beta2, ...settings } = readSettings(RUN_SETTINGS, found, path, '');
  const optimizer = settingsOf(settings.optimizer, { momentum, nesterov, weightDecay, beta1, beta2 });
  return { ...settings, ...optimizer, model: readModelConfig(found.model, path) };
}

function assertKnown(table: object, given: object, prefix: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw new InputError(`${WHERE} has an unknown setting '${prefix}${unknown}'`);
}
