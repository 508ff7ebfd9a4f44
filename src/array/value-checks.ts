import { assertOptions, inWords } from './checks.js';
import { DtypeError } from './errors.js';

/**
 * Checks of arguments that are not arrays. TypeScript makes most of them when it compiles. A program in JavaScript, a
 * notebook and a value from a file have only these.
 */

/**
 * Returns the options. Throws unless they are an object.
 *
 * @throws DtypeError that names the call
 */
export function checkedOptions<T extends object>(call: string, options: T): T {
  assertOptions(call, options);
  return options;
}

/**
 * Throws unless `value` is an object with all of these methods.
 *
 * @param expected what the message calls such an object, such as `a Random`
 * @throws DtypeError that names the call and the argument
 */
export function assertMethods(
  call: string,
  name: string,
  value: unknown,
  methods: readonly string[],
  expected: string,
): void {
  const found: Readonly<Record<string, unknown>> = Object(value);
  if (typeof value === 'object' && value !== null && methods.every((method) => typeof found[method] === 'function'))
    return;
  throw new DtypeError(`${call}: expected ${name} to be ${expected}, got ${inWords(value)}`);
}

/**
 * Throws unless `rng` draws random numbers.
 *
 * @throws DtypeError that names the call
 */
export function assertRandom(call: string, rng: unknown): void {
  assertMethods(call, 'rng', rng, ['next', 'normal', 'permutation', 'state'], 'a Random, such as new Random(1)');
}

/**
 * Throws unless `value` is true or false.
 *
 * @throws DtypeError that names the call and the argument
 */
export function assertFlag(call: string, name: string, value: unknown): void {
  if (typeof value !== 'boolean')
    throw new DtypeError(`${call}: expected ${name} to be true or false, got ${inWords(value)}`);
}

/**
 * Throws unless `value` is a text.
 *
 * @throws DtypeError that names the call and the argument
 */
export function assertText(call: string, name: string, value: unknown): void {
  if (typeof value !== 'string') throw new DtypeError(`${call}: expected ${name} to be a text, got ${inWords(value)}`);
}

/**
 * Throws unless `value` is a list of texts.
 *
 * @throws DtypeError that names the call and the argument
 */
export function assertTexts(call: string, name: string, value: unknown): void {
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string'))
    throw new DtypeError(`${call}: expected ${name} to be a list of texts, got ${inWords(value)}`);
}

/**
 * Throws unless `value` is a whole number from `least` to `most`.
 *
 * @throws RangeError that names the call and the argument
 */
export function assertWhole(
  call: string,
  name: string,
  value: unknown,
  least: number,
  most = Number.POSITIVE_INFINITY,
): void {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return;
  const range = most === Number.POSITIVE_INFINITY ? 'up' : `to ${most}`;
  throw new RangeError(`${call}: expected ${name} to be a whole number from ${least} ${range}, got ${inWords(value)}`);
}

/**
 * Throws unless `value` is a list or a typed array of numbers.
 *
 * @param length how many. Default: any number of them.
 * @throws DtypeError that names the call and the argument
 */
export function assertNumbers(call: string, name: string, value: unknown, length?: number): void {
  const list = Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value) ? value : undefined;
  const numbers = list as ArrayLike<unknown> | undefined;
  const isRight = Array.isArray(value) ? value.every((one) => typeof one === 'number') : numbers !== undefined;
  if (isRight && numbers && (length === undefined || numbers.length === length)) return;
  const got = isRight && numbers ? `${numbers.length}` : inWords(value);
  throw new DtypeError(
    `${call}: expected ${name} to be a list of ${length ?? ''} numbers, got ${got}`.replace('  ', ' '),
  );
}

/**
 * Throws unless `value` is bytes.
 *
 * @throws DtypeError that names the call and the argument
 */
export function assertBytes(call: string, name: string, value: unknown): void {
  if (!(value instanceof Uint8Array) && Object.prototype.toString.call(value) !== '[object Uint8Array]')
    throw new DtypeError(`${call}: expected ${name} to be bytes (a Uint8Array), got ${inWords(value)}`);
}

/**
 * Throws unless `value` is the shape of an image: channels, height and width, whole numbers from 1 up.
 *
 * @throws DtypeError or RangeError that names the call and the part
 */
export function assertImageShape(call: string, name: string, value: unknown): void {
  assertMethods(call, name, value, [], 'the shape of an image, { channels, height, width }');
  const parts: Readonly<Record<string, unknown>> = Object(value);
  for (const part of ['channels', 'height', 'width']) assertWhole(call, `${name}.${part}`, parts[part], 1);
}
