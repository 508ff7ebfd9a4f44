import { settingsOf } from './optimizer-settings.js';
import { DEFAULTS, type TrainConfig } from './train-config.js';

/** `weightDecay` as it is on the command line: `--weight-decay`. */
export function flagOf(setting: string): string {
  return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * The flags of `handgrad train` that give a configuration: those of the settings that are not what they are in another, or
 * without one, not what they are when nothing is said.
 */
export function flagsOf(config: TrainConfig, other: TrainConfig = unsaidFor(config)): string[] {
  const unsaid = new Map<string, unknown>(Object.entries(other));
  return Object.entries(config).flatMap(([setting, value]) => {
    if (String(value) === String(unsaid.get(setting))) return [];
    return value === true ? [flagOf(setting)] : [flagOf(setting), textOf(value)];
  });
}

function unsaidFor({ optimizer }: TrainConfig): TrainConfig {
  return { ...DEFAULTS, ...settingsOf(optimizer, {}) };
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') || 'none' : String(value);
}
