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

/** A row of the table of types. */
interface ElementRow extends Omit<ElementType, 'name' | 'littleEndian'> {
  /** Codes of one or two letters, which may follow a sign of the byte order. */
  codes: readonly string[];
  /** Names, which stand alone. */
  names: readonly string[];
}

// `long` has 8 bytes on every system but Windows.
const TYPES: Readonly<Record<string, ElementRow>> = {
  bool: {
    codes: ['?', 'b1'],
    names: ['bool', 'bool_', 'bool8'],
    ...{ bytes: 1, dtype: 'float64' },
    read: (view, position) => (view.getUint8(position) === 0 ? 0 : 1),
  },
  int8: {
    codes: ['b', 'i1'],
    names: ['int8', 'byte'],
    ...{ bytes: 1, dtype: 'float64' },
    read: (view, position) => view.getInt8(position),
  },
  uint8: {
    codes: ['B', 'u1'],
    names: ['uint8', 'ubyte'],
    ...{ bytes: 1, dtype: 'float64' },
    read: (view, position) => view.getUint8(position),
  },
  int16: {
    codes: ['h', 'i2'],
    names: ['int16', 'short'],
    ...{ bytes: 2, dtype: 'float64' },
    read: (view, position, little) => view.getInt16(position, little),
  },
  uint16: {
    codes: ['H', 'u2'],
    names: ['uint16', 'ushort'],
    ...{ bytes: 2, dtype: 'float64' },
    read: (view, position, little) => view.getUint16(position, little),
  },
  int32: {
    codes: ['i', 'i4'],
    names: ['int32', 'intc'],
    ...{ bytes: 4, dtype: 'float64' },
    read: (view, position, little) => view.getInt32(position, little),
  },
  uint32: {
    codes: ['I', 'u4'],
    names: ['uint32', 'uintc'],
    ...{ bytes: 4, dtype: 'float64' },
    read: (view, position, little) => view.getUint32(position, little),
  },
  int64: {
    codes: ['l', 'q', 'p', 'i8'],
    names: ['int64', 'int', 'int_', 'int0', 'intp', 'long', 'longlong'],
    ...{ bytes: 8, dtype: 'float64' },
    read: (view, position, little) => exact(view.getBigInt64(position, little)),
  },
  uint64: {
    codes: ['L', 'Q', 'P', 'u8'],
    names: ['uint64', 'uint', 'uint0', 'uintp', 'ulong', 'ulonglong'],
    ...{ bytes: 8, dtype: 'float64' },
    read: (view, position, little) => exact(view.getBigUint64(position, little)),
  },
  float16: {
    codes: ['e', 'f2'],
    names: ['float16', 'half'],
    ...{ bytes: 2, dtype: 'float32' },
    read: (view, position, little) => half(view.getUint16(position, little)),
  },
  float32: {
    codes: ['f', 'f4'],
    names: ['float32', 'single'],
    ...{ bytes: 4, dtype: 'float32' },
    read: (view, position, little) => view.getFloat32(position, little),
  },
  float64: {
    codes: ['d', 'f8'],
    names: ['float64', 'float', 'float_', 'double'],
    ...{ bytes: 8, dtype: 'float64' },
    read: (view, position, little) => view.getFloat64(position, little),
  },
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

/** The numeric type that a `descr` names, or undefined. */
export function elementType(descr: string): ElementType | undefined {
  const [, order, code] = /^([<>=|]?)(.*)$/s.exec(descr) ?? ['', '', descr];
  const found =
    Object.entries(TYPES).find(([, { codes }]) => codes.includes(code)) ??
    Object.entries(TYPES).find(([, { names }]) => names.includes(descr));
  if (found === undefined) return undefined;
  const [name, { bytes, dtype, read }] = found;
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
