import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { MODELS, type ModelConfig } from '../models/model-table.js';
import type { Setting, SettingsTable } from '../models/setting.js';
import { runConfig } from '../node/runs/read-config.js';
import type { RunConfig } from '../node/runs/run-config.js';
import { flagOf, formatSetting, nested, runDefaultsOf, settingRows, settingValue } from '../node/runs/run-flags.js';
import { RUN_SETTINGS } from '../node/runs/run-settings.js';

/** Adds `--model`, and a flag for each setting of that model and of a run. */
export function addSettingOptions(command: Command, model: string): Command {
  const names = Object.keys(MODELS);
  const summaries = Object.entries(MODELS).map(([name, { summary }]) => `${name} (${summary})`);
  command
    .optionsGroup('Model:')
    .addOption(
      new Option('--model <name>', `which net: ${summaries.join(', ')}; --model NAME --help shows its flags`)
        .choices(names)
        .default('mlp'),
    );
  addRows(command, isModel(model) ? MODELS[model].settings : {}, {});
  command.optionsGroup('Run:');
  addRows(command, RUN_SETTINGS, isModel(model) ? runDefaultsOf(model) : {});
  return command.optionsGroup('Options:');
}

/** @param defaults those that are not the defaults of the rows */
function addRows(command: Command, rows: SettingsTable, defaults: object): void {
  const own = new Map<string, unknown>(Object.entries(defaults));
  for (const [name, row] of Object.entries(rows)) {
    command.addOption(optionOf(name, own.has(name) ? { ...row, default: own.get(name) } : row));
  }
}

function optionOf(name: string, row: Setting<unknown>): Option {
  const option = new Option([flagOf(name), row.placeholder].filter(Boolean).join(' '), row.help);
  if (row.default !== undefined && row.default !== null && !row.help.includes('(default:'))
    option.default(row.default, formatSetting(row.default));
  if (row.choices) return option.choices([...row.choices]);
  return row.parse ? option.argParser((text) => parsed(row, text)) : option;
}

function parsed(row: Setting<unknown>, text: string): unknown {
  try {
    return settingValue(row, text);
  } catch (error) {
    throw error instanceof InputError ? new InvalidArgumentError(messageOf(error)) : error;
  }
}

/**
 * The configuration that the typed flags of a command give.
 *
 * @throws InputError for flags that do not fit each other
 */
export function configOf(command: Command): RunConfig {
  const model = command.getOptionValue('model');
  const typed = Object.keys(settingRows(model)).filter((name) => command.getOptionValueSource(name) === 'cli');
  return runConfig(nested(Object.fromEntries(typed.map((name) => [name, command.getOptionValue(name)])), model));
}

function isModel(name: string): name is ModelConfig['name'] {
  return Object.hasOwn(MODELS, name);
}
