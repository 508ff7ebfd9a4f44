/** What kinds of values settings are, on the command line and in a run's `config.json`. */

/** A whole number from 1 up. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

/** A finite number above 0. */
export function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < Infinity;
}

/** A finite number from 0 up. */
export function isFromZero(value: unknown): value is number {
  return value === 0 || isPositive(value);
}

/** A number from 0 to below 1. */
export function isShare(value: unknown): value is number {
  return isFromZero(value) && value < 1;
}

/** A whole number from 0 up. */
export function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** True or false. */
export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
