import { parseArgs } from 'node:util';
import { InputError, messageOf } from '../../array/index.js';
import { MODELS, type ModelConfig, modelKind } from '../../models/model-table.js';
import { defaultsOf, type Setting, type SettingsTable, type ValuesOf } from '../../models/setting.js';
import { settingsOf } from './optimizer-kinds.js';
import type { PartialRunConfig, RunConfig } from './run-config.js';
import { RUN_SETTINGS } from './run-settings.js';

/** The flag of a setting: `--weight-decay` for `weightDecay`. */
export function flagOf(setting: string): string {
  return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The flags of `handgrad train` that give a configuration.
 *
 * @param other the configuration without any flags. Default: the defaults.
 */
export function flagsOf(config: RunConfig, other?: RunConfig): string[] {
  const { model, ...settings } = config;
  const defaults = { ...runDefaultsOf(model.name), ...settingsOf(config.optimizer, {}) };
  const { dataset, pixels, ...others } = settings;
  const before = other ?? defaults;
  return [...differing({ dataset, pixels }, before), ...modelFlags(model, other?.model), ...differing(others, before)];
}

/** The flags that give a model. */
export function modelFlags(model: ModelConfig, other?: ModelConfig): string[] {
  const { name, ...settings } = model;
  const named = name === 'mlp' ? [] : ['--model', name];
  return [...named, ...differing(settings, other ?? defaultsOf(modelKind(model).settings))];
}

/** The defaults of a run of a model, except for the settings of the model. */
export function runDefaultsOf(model: ModelConfig['name']): ValuesOf<typeof RUN_SETTINGS> {
  return { ...defaultsOf(RUN_SETTINGS), ...modelKind({ name: model }).runDefaults };
}

function differing(settings: object, other: object): string[] {
  const before = new Map<string, unknown>(Object.entries(other));
  return Object.entries(settings).flatMap(([setting, value]) => {
    if (formatSetting(value) === formatSetting(before.get(setting))) return [];
    return value === true ? [flagOf(setting)] : [flagOf(setting), formatSetting(value)];
  });
}

/** The text of a setting's value, as a flag takes it. */
export function formatSetting(value: unknown): string {
  return Array.isArray(value) ? value.join(',') || 'none' : String(value ?? 'none');
}

/**
 * The value of a setting from the text of its flag.
 *
 * @throws InputError with the sentence that says what is expected
 */
export function settingValue(row: Setting<unknown>, text: string): unknown {
  let value: unknown;
  try {
    value = row.parse?.(text);
  } catch (cause) {
    throw new InputError(`${messageOf(cause)}.`.replace(/^e/, 'E'), { cause });
  }
  if (!row.valid(value)) throw new InputError(row.expected);
  return value;
}

/** The settings of a run and of one model that have flags of their own. */
export function settingRows(model: ModelConfig['name']): SettingsTable {
  return { ...RUN_SETTINGS, ...MODELS[model].settings };
}

/** The name after `--model` in some arguments. Default: `'mlp'`. An unknown name is returned as it is. */
export function modelIn(args: readonly string[]): string {
  const at = args.findIndex((arg) => arg === '--model' || arg.startsWith('--model='));
  return at < 0 ? 'mlp' : (args[at].split('=')[1] ?? args[at + 1] ?? '');
}

/**
 * Settings from flags: what `handgrad train` takes, without a terminal.
 *
 * @returns the settings that were given, for `runConfig`
 * @throws InputError for an unknown flag or a value that is not valid
 */
export function settingsFromFlags(args: readonly string[]): PartialRunConfig {
  const model = modelIn(args);
  if (!Object.hasOwn(MODELS, model)) throw new InputError(`--model: there is no model '${model}'`);
  const rows = settingRows(model as ModelConfig['name']);
  const types = Object.entries(rows).map(([name, row]) => [
    flagOf(name).slice(2),
    { type: row.parse ? 'string' : 'boolean' },
  ]);
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...Object.fromEntries(types), model: { type: 'string' } },
    });
    const typed = new Map<string, unknown>(Object.entries(values));
    const given = Object.entries(rows).flatMap(([name, row]) => {
      const value = typed.get(flagOf(name).slice(2));
      return value === undefined ? [] : [[name, typeof value === 'string' ? namedValue(name, row, value) : value]];
    });
    return nested(Object.fromEntries(given), model as ModelConfig['name']);
  } catch (cause) {
    throw new InputError(messageOf(cause), { cause });
  }
}

function namedValue(name: string, row: Setting<unknown>, text: string): unknown {
  try {
    return settingValue(row, text);
  } catch (cause) {
    throw new InputError(`${flagOf(name)} ${text}: ${messageOf(cause)}`, { cause });
  }
}

/**
 * Settings that stand beside each other, as flags do, with those of the model under `model`. `runConfig` checks their
 * values.
 */
export function nested(given: object, name: ModelConfig['name']): PartialRunConfig {
  const own = ([setting]: [string, unknown]) => Object.hasOwn(MODELS[name].settings, setting);
  const entries = Object.entries(given);
  return {
    ...Object.fromEntries(entries.filter((entry) => !own(entry))),
    model: { name, ...Object.fromEntries(entries.filter(own)) },
  } as PartialRunConfig;
}

/** All settings of a run by name, those of its model beside the others, as flags are. */
export function settingsByName({ model, ...settings }: RunConfig): Map<string, unknown> {
  const { name, ...own } = model;
  return new Map<string, unknown>(Object.entries({ ...settings, model: name, ...own }));
}
