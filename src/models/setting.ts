import { type InitName, isInit } from '../layers/init.js';

/**
 * A setting of a run or of a model: one row of a table. The type of a configuration, the flags of the command, their
 * help, and the checks of a `config.json` all follow from its row.
 */
export interface Setting<T> extends SettingKind<T> {
  /** The value of a new run in which the setting is not given. */
  default: T;
  /** What the setting does: the help text of its flag. */
  help: string;
  /** The value of a run whose `config.json` is older than the setting. Without it, the setting must be there. */
  implied?: T;
}

/** A kind of value. */
export interface SettingKind<T> {
  /** What stands for the value in the help text, such as `<n>`. A switch has none. */
  placeholder?: string;
  /** A sentence that says what values are expected. */
  expected: string;
  /** The only values there are, if they can be listed. */
  choices?: readonly string[];
  /** Whether a value from a program or a `config.json` is one of this kind. */
  valid(value: unknown): value is T;
  /** The value that the text of a flag means; `valid` decides whether it is one. A switch has no text. */
  parse?(text: string): unknown;
}

/** A row of a table: a kind of value, and what this setting adds to it. */
export function setting<T>(
  kind: SettingKind<T>,
  rest: Partial<SettingKind<NoInfer<T>>> & { default: NoInfer<T>; implied?: NoInfer<T>; help: string },
): Setting<T> {
  return { ...kind, ...rest };
}

/** Settings by name. */
export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;

/** The values of the settings in a table. */
export type ValuesOf<Table extends SettingsTable> = {
  [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never;
};

/** The defaults of the settings in a table. */
export function defaultsOf<Table extends SettingsTable>(table: Table): ValuesOf<Table> {
  const entries = Object.entries(table).map(([name, row]) => [name, row.default]);
  return Object.fromEntries(entries) as ValuesOf<Table>;
}

const numeric = (expected: string, valid: (value: unknown) => value is number): SettingKind<number> => ({
  placeholder: '<number>',
  expected,
  valid,
  parse: (text) => (text.trim() === '' ? Number.NaN : Number(text)),
});

/** A whole number from 1 up. */
export const COUNT = { ...numeric('Expected a whole number from 1 up.', isCount), placeholder: '<n>' };

/** A whole number from 0 up. */
export const WHOLE = { ...numeric('Expected a whole number from 0 up.', isWhole), placeholder: '<n>' };

/** A finite number above 0. */
export const POSITIVE = numeric('Expected a number above 0, such as 1e-3.', isPositive);

/** A finite number from 0 up. */
export const FROM_ZERO = numeric('Expected a number from 0 up, such as 1e-2.', isFromZero);

/** A number from 0 to below 1. */
export const SHARE = {
  ...numeric('Expected a number from 0 to below 1, such as 0.9.', isShare),
  placeholder: '<share>',
};

/** True or false. */
export const SWITCH: SettingKind<boolean> = {
  expected: 'Expected true or false.',
  valid: (value): value is boolean => typeof value === 'boolean',
};

/** Widths with commas between them, or `none`. */
export const WIDTHS: SettingKind<number[]> = {
  placeholder: '<widths>',
  expected: 'Expected widths from 1 up with commas between, such as 512,128; or none.',
  valid: (value): value is number[] => Array.isArray(value) && value.every(isCount),
  parse: (text) => (text === 'none' ? [] : text.split(',').map(COUNT.parse ?? Number)),
};

/** How weights are initialized; `auto` leaves it to the model. */
export const INIT = textKind(
  '<how>',
  (value): value is InitName | 'auto' => value === 'auto' || isInit(value),
  'Expected auto; normal:STD with a standard deviation, such as normal:1e-4; or pytorch, xavier, kaiming, zeros.',
);

/** A text of some form. */
export function textKind<T extends string>(
  placeholder: string,
  valid: (value: unknown) => value is T,
  expected = '',
): SettingKind<T> {
  return { placeholder, expected, valid, parse: (text) => text };
}

/** One of some names. */
export function choice<Name extends string>(names: readonly Name[], placeholder = '<name>'): SettingKind<Name> {
  return {
    placeholder,
    expected: `Allowed choices are ${names.join(', ')}.`,
    choices: names,
    valid: (value): value is Name => names.some((name) => name === value),
    parse: (text) => text,
  };
}

/** A value of some kind, or one that stands for its absence, such as null. */
export function optional<T, Absent extends null | undefined>(
  kind: SettingKind<T>,
  absent: Absent,
): SettingKind<T | Absent> {
  return { ...kind, valid: (value): value is T | Absent => value === absent || kind.valid(value) };
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < Infinity;
}

function isFromZero(value: unknown): value is number {
  return value === 0 || isPositive(value);
}

function isShare(value: unknown): value is number {
  return isFromZero(value) && value < 1;
}
