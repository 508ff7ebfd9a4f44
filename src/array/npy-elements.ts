import type { Dtype } from './types.js';

/**
 * The element types of NumPy, in every spelling that `numpy.dtype` takes: `'<f4'`, `'=i8'`, `'?'`, `'float32'`.
 * https://numpy.org/doc/stable/reference/arrays.dtypes.html
 */

/** A numeric type of NumPy. */
export interface ElementType {
  /** NumPy's name, such as int64. */
  name: string;
  /** The bytes of one element. */
  bytes: number;
  littleEndian: boolean;
  /** The dtype of this library that holds every value that can be read. */
  dtype: Dtype;
  /** The element at a position in bytes. NaN for a whole number that no float64 equals. */
  read: (view: DataView, position: number, littleEndian: boolean) => number;
}

type Reader = ElementType['read'];

const READERS: Record<string, [bytes: number, dtype: Dtype, read: Reader]> = {
  bool: [1, 'float64', (view, position) => (view.getUint8(position) === 0 ? 0 : 1)],
  int8: [1, 'float64', (view, position) => view.getInt8(position)],
  uint8: [1, 'float64', (view, position) => view.getUint8(position)],
  int16: [2, 'float64', (view, position, little) => view.getInt16(position, little)],
  uint16: [2, 'float64', (view, position, little) => view.getUint16(position, little)],
  int32: [4, 'float64', (view, position, little) => view.getInt32(position, little)],
  uint32: [4, 'float64', (view, position, little) => view.getUint32(position, little)],
  int64: [8, 'float64', (view, position, little) => exact(view.getBigInt64(position, little))],
  uint64: [8, 'float64', (view, position, little) => exact(view.getBigUint64(position, little))],
  float16: [2, 'float32', (view, position, little) => half(view.getUint16(position, little))],
  float32: [4, 'float32', (view, position, little) => view.getFloat32(position, little)],
  float64: [8, 'float64', (view, position, little) => view.getFloat64(position, little)],
};

/** The number that equals a whole number of 64 bits, or NaN if no float64 does. */
function exact(value: bigint): number {
  const number = Number(value);
  return BigInt(number) === value ? number : Number.NaN;
}

/** The value of a float16: one bit for the sign, five for the exponent, ten for the fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

// Codes may follow a sign of the byte order. `long` has 8 bytes on every system but Windows.
const CODES: Record<string, readonly string[]> = {
  bool: ['?', 'b1'],
  int8: ['b', 'i1'],
  uint8: ['B', 'u1'],
  int16: ['h', 'i2'],
  uint16: ['H', 'u2'],
  int32: ['i', 'i4'],
  uint32: ['I', 'u4'],
  int64: ['l', 'q', 'p', 'i8'],
  uint64: ['L', 'Q', 'P', 'u8'],
  float16: ['e', 'f2'],
  float32: ['f', 'f4'],
  float64: ['d', 'f8'],
};

// Names stand alone.
const NAMES: Record<string, readonly string[]> = {
  bool: ['bool', 'bool_', 'bool8'],
  int8: ['int8', 'byte'],
  uint8: ['uint8', 'ubyte'],
  int16: ['int16', 'short'],
  uint16: ['uint16', 'ushort'],
  int32: ['int32', 'intc'],
  uint32: ['uint32', 'uintc'],
  int64: ['int64', 'int', 'int_', 'int0', 'intp', 'long', 'longlong'],
  uint64: ['uint64', 'uint', 'uint0', 'uintp', 'ulong', 'ulonglong'],
  float16: ['float16', 'half'],
  float32: ['float32', 'single'],
  float64: ['float64', 'float', 'float_', 'double'],
};

/** The numeric type that a `descr` names, or undefined. */
export function elementType(descr: string): ElementType | undefined {
  const [, order, code] = /^([<>=|]?)(.*)$/s.exec(descr) ?? ['', '', descr];
  const find = (table: typeof CODES, text: string) => Object.keys(table).find((name) => table[name].includes(text));
  const name = find(CODES, code) ?? find(NAMES, descr);
  if (name === undefined) return undefined;
  const [bytes, dtype, read] = READERS[name];
  return { name, bytes, dtype, read, littleEndian: order !== '>' };
}

// What the first letter of a code says, for the types that are not read.
const OTHER_KINDS: [pattern: RegExp, what: string][] = [
  [/^(f(12|16)|g|float(96|128)|longdouble|longfloat)$/, 'long double numbers'],
  [
    /^(c\d+|[FDG]|c?(single|double|longdouble|long)?complex\w*|c(single|float|double|longdouble|longfloat))$/,
    'complex',
  ],
  [/^(M8?(\[.*\])?|datetime64.*)$/, 'dates'],
  [/^(m8?(\[.*\])?|timedelta64.*)$/, 'time differences'],
  [/^(O\d?|object\w*)$/, 'Python objects (a pickle)'],
  [/^([SaU]\d*|c|T\d*|str\w*|bytes\w*|unicode\w*|string\w*|StringDType.*)$/, 'text'],
  [/^(V\d*|void\w*)$/, 'raw bytes (void)'],
  [/,|^\(|^\d/, 'structured'],
];

/** What the elements of a type are that cannot be read: 'complex', 'text'. */
export function kindOfElements(descr: string): string {
  const code = descr.replace(/^[<>=|]/, '');
  return OTHER_KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'a type that NumPy does not have';
}
