import {
  assertArray,
  assertBytes,
  assertOptions,
  assertText,
  copy,
  decodeElements,
  InputError,
  type NdArray,
  printable,
  type StoredType,
  shapeText,
  storedBytes,
  viewOf,
} from '../array/index.js';
import type { StateDict } from '../layers/module.js';

/**
 * The `.safetensors` format: the length of a header in 8 bytes; the header, a JSON object with the type, the shape and the
 * place of each array; and the bytes of the arrays, in any order and without gaps.
 * https://github.com/huggingface/safetensors, section "Format"
 */

const TYPES: Readonly<Record<string, StoredType>> = {
  ...{ BOOL: 'bool', U8: 'uint8', I8: 'int8', U16: 'uint16', I16: 'int16', U32: 'uint32', I32: 'int32' },
  ...{ U64: 'uint64', I64: 'int64', F16: 'float16', BF16: 'bfloat16', F32: 'float32', F64: 'float64' },
};

/** The longest header that the reference implementation reads. */
const MOST_HEADER = 100_000_000;

interface Entry {
  name: string;
  type: StoredType;
  shape: number[];
  from: number;
  to: number;
}

/**
 * The arrays in the bytes of a `.safetensors` file, by name.
 *
 * @param bytes the whole file
 * @param name the name of the file in an error message
 * @returns fresh arrays: floats up to 32 bits as float32, float64 and whole numbers as float64; every value is exact
 * @throws InputError for bytes that are not such a file, are damaged, or have elements of another type
 */
export function decodeSafetensors(bytes: Uint8Array, name = 'the .safetensors data'): StateDict {
  assertBytes('decodeSafetensors', 'bytes', bytes);
  assertText('decodeSafetensors', 'name', name);
  const { entries, start } = readHeader(bytes, name);
  const arrays = entries.map(({ name: key, type, shape, from, to }): [string, NdArray] => {
    const data = decodeElements(bytes.subarray(start + from, start + to), type, `${name}, array ${printable(key)}`);
    return [key, viewOf(data, shape)];
  });
  return Object.fromEntries(arrays);
}

function readHeader(bytes: Uint8Array, name: string): { entries: Entry[]; start: number } {
  const not = (why: string) => new InputError(`${name} is not a readable .safetensors file: ${why}`);
  if (bytes.length < 8) throw not(`it has ${bytes.length} bytes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const start = 8 + length;
  if (length > MOST_HEADER || start > bytes.length) throw not('its header does not fit into the file');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
  } catch {
    throw not('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) throw not('its header is not an object');
  const found = Object.entries(header).filter(([key]) => key !== '__metadata__');
  const entries = found.map(([key, value]) => readEntry(key, value, not));
  let at = 0;
  for (const { name: key, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== at) throw not(`there is a gap or an overlap before array ${printable(key)}`);
    at = to;
  }
  if (start + at !== bytes.length) {
    throw not(`its arrays have ${at} bytes, and ${bytes.length - start} follow the header`);
  }
  return { entries, start };
}

function readEntry(key: string, value: unknown, not: (why: string) => InputError): Entry {
  const { dtype, shape, data_offsets: place } = (value ?? {}) as Record<string, unknown>;
  const type = typeof dtype === 'string' && Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
  if (!type) throw not(`array ${printable(key)} has the type ${printable(String(dtype))}`);
  if (!areCounts(shape) || shape.length > 8) throw not(`array ${printable(key)} has no valid shape`);
  if (!areCounts(place) || place.length !== 2) throw not(`array ${printable(key)} has no valid place`);
  const [from, to] = place;
  if (to - from !== shape.reduce((product, length) => product * length, storedBytes(type))) {
    throw not(`array ${printable(key)} has ${to - from} bytes for ${dtype} numbers of shape ${shapeText(shape)}`);
  }
  return { name: key, type, shape, from, to };
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);
}

/**
 * The bytes of a `.safetensors` file with the given arrays, as F32 and F64. The header is padded to a multiple of 8 bytes,
 * and the float64 arrays come first, so that every array is aligned.
 *
 * @param arrays the arrays by name
 * @throws InputError for an array named `__metadata__`
 */
export function encodeSafetensors(arrays: Readonly<StateDict>): Uint8Array {
  assertOptions('encodeSafetensors', arrays);
  for (const [name, x] of Object.entries(arrays)) assertArray('encodeSafetensors', name, x);
  if (Object.hasOwn(arrays, '__metadata__'))
    throw new InputError("encodeSafetensors: no array can be named '__metadata__'");
  const names = Object.keys(arrays);
  const ordered = [
    ...names.filter((n) => arrays[n].dtype === 'float64'),
    ...names.filter((n) => arrays[n].dtype !== 'float64'),
  ];
  let at = 0;
  const header = ordered.map((name): [string, object] => {
    const { dtype, shape, size } = arrays[name];
    const bytes = size * (dtype === 'float64' ? 8 : 4);
    at += bytes;
    return [name, { dtype: dtype === 'float64' ? 'F64' : 'F32', shape: [...shape], data_offsets: [at - bytes, at] }];
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const length = Math.ceil(json.length / 8) * 8;
  const out = new Uint8Array(8 + length + at).fill(0x20, 8, 8 + length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(length), true);
  out.set(json, 8);
  let position = 8 + length;
  for (const name of ordered) {
    const x = arrays[name];
    const { data } = copy(x); // row-major
    for (const value of data) {
      if (x.dtype === 'float64') view.setFloat64(position, value, true);
      else view.setFloat32(position, value, true);
      position += x.dtype === 'float64' ? 8 : 4;
    }
  }
  return out;
}
