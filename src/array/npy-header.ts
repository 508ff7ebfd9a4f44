import { strFromU8 } from 'fflate';
import { InputError, printable } from './errors.js';
import { kindHint } from './file-kind.js';
import { type ElementType, elementType, kindOfElements } from './npy-elements.js';
import { type PythonValue, parsePython } from './python-literal.js';

/**
 * The header of a `.npy` file: the magic string, the version in two bytes, the length of a text in two bytes (four
 * since version 2.0), and the text: a Python dictionary with `descr`, `fortran_order` and `shape`.
 */

/** \x93NUMPY, with which every `.npy` file begins. */
export const NPY_MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** What the header says. */
export interface NpyHeader {
  type: ElementType;
  fortran: boolean;
  shape: number[];
  /** The position of the first element. */
  start: number;
}

/** Whether the bytes begin as a `.npy` file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return NPY_MAGIC.every((byte, i) => bytes[i] === byte);
}

// NumPy refuses longer headers too.
const LONGEST = 10_000;

/**
 * Reads the header.
 *
 * @param name the name of the file in an error message
 * @throws InputError for another format, a version that does not exist, or elements that are not numbers
 */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  if (!isNpy(bytes)) {
    const hint = kindHint(bytes) || ': it does not begin with \\x93NUMPY';
    throw new InputError(`${name} is not a NumPy .npy file${hint}`);
  }
  const [major, minor] = bytes.subarray(6);
  const before = major === 1 ? 10 : 12;
  if (bytes.length < 8) throw new InputError(`${name} is incomplete: it ends inside its header`);
  if (![1, 2, 3].includes(major) || minor !== 0) {
    throw new InputError(`${name} has version ${major}.${minor} of the .npy format; NumPy has 1.0, 2.0 and 3.0`);
  }
  if (bytes.length < before) throw new InputError(`${name} is incomplete: it ends inside its header`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (bytes.length < before + length) throw new InputError(`${name} is incomplete: it ends inside its header`);
  if (length > LONGEST) {
    throw new InputError(`${name} has a header of ${length} bytes; NumPy reads at most ${LONGEST}`);
  }
  const text = strFromU8(bytes.subarray(before, before + length), major !== 3);
  return { ...parseHeader(text, name), start: before + length };
}

function parseHeader(text: string, name: string): Omit<NpyHeader, 'start'> {
  const damaged = (what: string) =>
    new InputError(`${name} has a damaged .npy header (${what}): ${JSON.stringify(text.trim().slice(0, 80))}`);
  let value: PythonValue;
  try {
    value = parsePython(text);
  } catch {
    throw damaged('it is not a Python dictionary');
  }
  if (!(value instanceof Map)) throw damaged('it is not a Python dictionary');
  const [descr, fortran, shape] = ['descr', 'fortran_order', 'shape'].map((key) => value.get(key));
  if (value.size !== 3 || descr === undefined || fortran === undefined || shape === undefined) {
    throw damaged('its keys are not descr, fortran_order and shape');
  }
  if (typeof fortran !== 'boolean') throw damaged('fortran_order is neither True nor False');
  const sizes = isTuple(shape) ? shape.items : undefined;
  if (!sizes?.every(isSize)) throw damaged('shape is not a tuple of whole numbers of at least 0');
  return { type: typeOf(descr, name), fortran, shape: sizes };
}

function typeOf(descr: PythonValue, name: string): ElementType {
  const readable = 'only bool, int8 to int64, uint8 to uint64, float16, float32 and float64 can be read';
  if (typeof descr !== 'string') throw new InputError(`${name} has structured elements; ${readable}`);
  const type = elementType(descr);
  if (type !== undefined) return type;
  throw new InputError(
    `${name} has elements of type '${printable(descr.slice(0, 40))}' (${kindOfElements(descr)}); ${readable}`,
  );
}

function isTuple(value: PythonValue): value is { kind: 'tuple'; items: PythonValue[] } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tuple';
}

function isSize(value: PythonValue): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
