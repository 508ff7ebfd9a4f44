import { DEFAULTS, type TrainConfig } from './config.js';
import { settingsOf } from './optimizers.js';

/** `weightDecay` as it is on the command line: `--weight-decay`. */
export function flagOf(setting: string): string {
  return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The flags of `handgrad train` that give a configuration: those of the settings that are not what they are when nothing
 * is said.
 */
export function flagsOf(config: TrainConfig): string[] {
  const unsaid = new Map<string, unknown>(Object.entries({ ...DEFAULTS, ...settingsOf(config.optimizer, {}) }));
  return Object.entries(config).flatMap(([setting, value]) => {
    if (String(value) === String(unsaid.get(setting))) return [];
    return value === true ? [flagOf(setting)] : [flagOf(setting), textOf(value)];
  });
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') || 'none' : String(value);
}
