import { BufferReader, Parser } from 'pickleparser';
import { InputError, messageOf } from '../../array/index.js';
import { IMAGE_BYTES } from '../../data/cifar10-facts.js';

/**
 * The Python versions of CIFAR-10 and CIFAR-100. Each file is a pickled dictionary with `data`, a uint8 NumPy array of one
 * image per row, and lists of labels. A pickle is a program that can call any Python function. Here only the few functions
 * that such an array needs are known; all others are refused.
 */

/** What a pickled file has to contain. */
export interface PickleContent {
  /** The name of the data set in an error message. */
  set: string;
  images: number;
  /** The keys of its lists of labels. */
  labels: readonly string[];
}

/** Images and labels of one file. */
export interface PickledBatch {
  /** Images of 3,072 bytes, one after the other. */
  pixels: Uint8Array;
  /** The lists of labels, in the order in which they were asked for. */
  labels: Uint8Array[];
}

/**
 * Reads the images and labels of one pickled file.
 *
 * @param name the name of the file in an error message
 * @throws InputError for bytes that are not such a pickle
 */
export function readPickle(bytes: Uint8Array, name: string, { set, images, labels }: PickleContent): PickledBatch {
  const reader = new ByteStringReader(bytes);
  let content: unknown;
  try {
    content = new Parser({ nameResolver: { resolve: resolveName }, unpicklingTypeOfDictionary: 'Map' }).read(reader);
  } catch (cause) {
    throw new InputError(`${name} is not a readable pickle of ${set}: ${messageOf(cause)}${protocolHint(bytes)}`, {
      cause,
    });
  }
  const data = entry(content, 'data');
  const pixels = data instanceof PickledArray && data.type === 'u1' ? reader.bytesOf(data.content) : undefined;
  if (pixels?.length !== images * IMAGE_BYTES) {
    throw new InputError(
      `${name} is not a pickle of ${set}: its 'data' is not a uint8 array of ${images} × ${IMAGE_BYTES}${protocolHint(bytes)}`,
    );
  }
  const lists = labels.map((key) => {
    const list = entry(content, key);
    if (!Array.isArray(list) || list.length !== images || !list.every((label) => Number.isInteger(label))) {
      throw new InputError(`${name} is not a pickle of ${set}: its '${key}' is not a list of ${images} whole numbers`);
    }
    return Uint8Array.from(list);
  });
  return { pixels, labels: lists };
}

/** Only pickles of the protocols 2 to 5 say which protocol they have. Protocol 0 writes the pixels as text. */
function protocolHint(bytes: Uint8Array): string {
  return bytes[0] === 0x80 ? '' : '; pickles of the protocols 1 to 5 can be read';
}

/** The value of a key. Python 3 writes keys as text or as bytes, Python 2 as bytes. */
function entry(content: unknown, key: string): unknown {
  if (!(content instanceof Map)) return undefined;
  for (const [k, value] of content) {
    if (k === key || (k instanceof Uint8Array && Buffer.from(k).toString('latin1') === key)) return value;
  }
  return undefined;
}

/** A pickled NumPy array: it is created empty, and then its state is set. */
class PickledArray {
  type = '';
  content: unknown;

  __setstate__(
    state: [version: unknown, shape: unknown, dtype: PickledDtype, fortran: unknown, content: unknown],
  ): void {
    if (state[3]) throw new Error('its array is in Fortran order');
    this.type = state[2].type;
    this.content = state[4];
  }
}

class PickledDtype {
  constructor(readonly type: string) {}
  __setstate__(): void {}
}

/** The functions that pickles of the protocols 0 to 5 call. In protocol 5 the array's bytes are one argument. */
function resolveName(module: string, name: string): (...args: unknown[]) => unknown {
  switch (`${module}.${name}`) {
    case 'numpy.core.multiarray._reconstruct':
    case 'numpy._core.multiarray._reconstruct':
      return () => new PickledArray();
    case 'numpy.dtype':
      return (type) => new PickledDtype(String(type));
    case '_codecs.encode':
      return (text) => Buffer.from(String(text), 'latin1');
    case 'numpy.core.numeric._frombuffer':
    case 'numpy._core.numeric._frombuffer':
      return (content, type, shape, order) => {
        const dtype = type instanceof PickledDtype ? type : new PickledDtype('');
        const array = new PickledArray();
        array.__setstate__([1, shape, dtype, order !== 'C', content]);
        return array;
      };
    case 'numpy.ndarray':
      return () => undefined;
    default:
      throw new Error(`it asks for ${module}.${name}, which no pickle of CIFAR does`);
  }
}

/**
 * Python 2 writes bytes as text. Short texts are read with one character per byte. The pixels, a text of 31 MB, are
 * not copied: a key takes their place, with which `bytesOf` finds them in the memory of the file.
 */
class ByteStringReader extends BufferReader {
  private readonly long = new Map<string, Uint8Array>();

  override string(size: number, encoding: 'ascii' | 'utf-8'): string {
    if (encoding === 'utf-8') return super.string(size, encoding);
    const key = `bytes at ${this.position}`;
    const { buffer, byteOffset, byteLength } = this.bytes(size);
    if (size < 2 ** 16) return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
    this.long.set(key, new Uint8Array(buffer, byteOffset, byteLength));
    return key;
  }

  /** The bytes of a value, which may be a key. */
  bytesOf(content: unknown): Uint8Array | undefined {
    return content instanceof Uint8Array ? content : this.long.get(String(content));
  }
}
