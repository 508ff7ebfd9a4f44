import type { Kind } from './wrong-values.js';

/** A right argument, with the kind of its wrong values: one kind, or the kinds of the options by name. */
export type Argument = readonly [kind: Kind | 'right' | Readonly<Record<string, Kind | 'right'>>, value: unknown];

/** A call that is right, and how each of its arguments can be wrong. */
export interface RightCall {
  readonly call: (...values: never[]) => unknown;
  readonly args: readonly Argument[];
  /** Whether the right call is not made: it would read gigabytes, or a network. */
  readonly unmade?: boolean;
  /** What the messages begin with, if not with the name of the call. */
  readonly begins?: RegExp;
}

/** Right calls by what their errors begin with. */
export type CallTable = Readonly<Record<string, RightCall>>;

/** Options that are right, with the kind of the wrong values of each. */
export function optionsOf(values: Readonly<Record<string, readonly [Kind | 'right', unknown]>>): Argument {
  const entries = Object.entries(values);
  return [
    Object.fromEntries(entries.map(([name, [kind]]) => [name, kind])),
    Object.fromEntries(entries.map(([name, [, value]]) => [name, value])),
  ];
}
