import { BufferReader, Parser } from 'pickleparser';
import { InputError, messageOf, printable, type StoredType } from '../array/index.js';

/**
 * The pickles of PyTorch. A pickle is a program that can call any Python function. Here only the functions that a
 * dictionary of tensors needs are known; a pickle that names another one is refused.
 */

/** The types of storages, by their names in `torch`. */
const STORAGE_TYPES: Readonly<Record<string, StoredType>> = {
  ...{ DoubleStorage: 'float64', FloatStorage: 'float32', HalfStorage: 'float16', BFloat16Storage: 'bfloat16' },
  ...{ LongStorage: 'int64', IntStorage: 'int32', ShortStorage: 'int16', CharStorage: 'int8', ByteStorage: 'uint8' },
  BoolStorage: 'bool',
};

/** The memory of one or several tensors. */
export interface TensorStorage {
  key: string;
  type: StoredType;
}

/** A tensor as the pickle describes it. */
export class StoredTensor {
  constructor(
    readonly storage: TensorStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {}
}

/** A reader that never goes back, as a negative length would make it. */
export class TorchReader extends BufferReader {
  constructor(private readonly all: Uint8Array) {
    super(all);
  }

  override uint64(): number {
    const { buffer, byteOffset } = this.take(8);
    return Number(new DataView(buffer, byteOffset).getBigUint64(0, true)); // skip refuses what is too long
  }

  /** The next bytes, which the reader passes. */
  take(length: number): Uint8Array {
    const from = this.position;
    this.skip(length);
    return this.all.subarray(from, this.position);
  }

  override skip(offset: number): void {
    if (!(Number.isSafeInteger(offset) && offset >= 0)) throw new Error('a length in it is not valid');
    super.skip(offset);
  }
}

/**
 * Reads the next pickle.
 *
 * @param onStorage is called for each storage that a tensor names
 * @throws InputError for a pickle that is damaged, or asks for anything but tensors
 */
export function readTorchPickle(
  reader: TorchReader,
  name: string,
  onStorage: (storage: TensorStorage) => void = () => {},
): unknown {
  const persistent = (id: unknown) => {
    const storage = storageOf(id);
    onStorage(storage);
    return storage;
  };
  try {
    return new Parser({
      nameResolver: { resolve: resolveTorch },
      persistentResolver: { resolve: persistent },
      unpicklingTypeOfDictionary: 'Map',
    }).read(reader);
  } catch (cause) {
    throw new InputError(`${name} is not a readable file of weights: ${messageOf(cause)}`, { cause });
  }
}

/** A function of the pickle's. Each is new, so that no pickle can change one for the next. */
function resolveTorch(module: string, name: string): (...args: unknown[]) => unknown {
  if (module === 'torch' && Object.hasOwn(STORAGE_TYPES, name)) {
    return Object.assign(() => undefined, { storageType: STORAGE_TYPES[name] });
  }
  switch (`${module}.${name}`) {
    case 'collections.OrderedDict':
      return (items) => new Map(Array.isArray(items) ? (items as [unknown, unknown][]) : []);
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
      return tensorOf;
    case 'torch._utils._rebuild_parameter':
      return (tensor) => tensor;
    case 'torch.Size':
      return (sizes) => sizes;
    default:
      throw new Error(
        `it asks for ${printable(`${module}.${name}`)}, which no file of weights does; save net.state_dict() alone`,
      );
  }
}

/** What a persistent id stands for: ('storage', type, key, device, elements, …). */
function storageOf(id: unknown): TensorStorage {
  const [what, type, key, , , part] = Array.isArray(id) ? id : [];
  const named = typeof type === 'function' && 'storageType' in type ? type.storageType : undefined;
  const found = Object.values(STORAGE_TYPES).find((each) => each === named);
  if (what !== 'storage' || !found || !(typeof key === 'string' || typeof key === 'number')) {
    throw new Error('a tensor in it has memory of an unknown kind');
  }
  if (Array.isArray(part)) throw new Error('a tensor in it is a part of another storage, as in files of 2016');
  return { key: String(key), type: found };
}

function tensorOf(storage: unknown, offset: unknown, shape: unknown, stride: unknown): StoredTensor {
  const known = typeof storage === 'object' && storage !== null && 'key' in storage && 'type' in storage;
  if (!known || !isCount(offset) || !areCounts(shape) || !areCounts(stride) || shape.length !== stride.length) {
    throw new Error('a tensor in it has no valid storage, offset, shape and stride');
  }
  return new StoredTensor(storage as TensorStorage, offset, shape, stride);
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 8 && value.every(isCount);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Where a checkpoint keeps the weights, besides other things. */
const INSIDE = ['state_dict', 'model_state_dict', 'model'];

/** The tensors of a dictionary by name, or those of the `state_dict` in it. */
export function tensorsIn(content: unknown): [name: string, tensor: StoredTensor][] {
  if (!(content instanceof Map)) return [];
  const inside = INSIDE.map((key): unknown => content.get(key)).find((value) => value instanceof Map);
  if (inside instanceof Map) return tensorsIn(inside);
  return [...content].filter(
    (entry): entry is [string, StoredTensor] => typeof entry[0] === 'string' && entry[1] instanceof StoredTensor,
  );
}
