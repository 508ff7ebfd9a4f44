import {
  assertBytes,
  assertText,
  copy,
  decodeElements,
  InputError,
  messageOf,
  type NdArray,
  printable,
  storedBytes,
  unpackMember,
  unreadableMember,
  viewOf,
  zipMembers,
} from '../array/index.js';
import type { StateDict } from '../layers/module.js';
import { readTorchPickle, type StoredTensor, TorchReader, tensorsIn } from './torch-pickle.js';

/**
 * The `.pth` files of `torch.save`: a zip archive with a pickle and the bytes of each storage, or, from versions before 1.6,
 * pickles one after the other and then the storages. Nothing in a file is ever executed: the pickle may name only the few
 * functions that rebuild a tensor, and those are written here.
 */

/** What a file of an old version begins with: a pickle of the number 0x1950a86a20f9469cfc6c. */
const LEGACY_MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** The most elements of all arrays together for each byte of the file. Arrays may share memory, but not without limit. */
const MOST_ELEMENTS_PER_BYTE = 16;

/**
 * The tensors in the bytes of a `.pth` file, by name: those of a `state_dict`, or of a dictionary that has one as
 * `state_dict`, `model_state_dict` or `model`. Values that are not tensors are left out.
 *
 * @param bytes the whole file
 * @param name the name of the file in an error message
 * @returns fresh arrays, each with memory of its own: floats up to 32 bits as float32, float64 and whole numbers as float64
 * @throws InputError for bytes that are not such a file, are damaged, or ask for anything but tensors
 */
export function decodePth(bytes: Uint8Array, name = 'the .pth data'): StateDict {
  assertBytes('decodePth', 'bytes', bytes);
  assertText('decodePth', 'name', name);
  const isLegacy = LEGACY_MAGIC.every((byte, i) => bytes[i] === byte);
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isLegacy && !isZip) throw new InputError(`${name} is not a .pth file of PyTorch (of torch.save)`);
  const { content, storages } = isZip ? readArchive(bytes, name) : readLegacy(bytes, name);
  const tensors = tensorsIn(content);
  if (tensors.length === 0) {
    throw new InputError(`${name} contains no tensors by name; save net.state_dict()`);
  }
  const most = MOST_ELEMENTS_PER_BYTE * bytes.length;
  let elements = 0;
  const arrays = tensors.map(([key, tensor]): [string, NdArray] => {
    const what = `${name}, tensor ${printable(key)}`;
    elements += tensor.shape.reduce((product, length) => product * length, 1);
    if (elements > most) throw new InputError(`${what} has more elements than a file of this size can hold`);
    return [key, arrayOf(tensor, storages(tensor, what), what)];
  });
  return Object.fromEntries(arrays);
}

/** Finds the numbers of a tensor's storage. */
type Storages = (tensor: StoredTensor, what: string) => ReturnType<typeof decodeElements>;

/** Decodes each storage once. */
function storagesFrom(find: (key: string) => Uint8Array | undefined): Storages {
  const decoded = new Map<string, ReturnType<typeof decodeElements>>();
  return ({ storage: { key, type } }, what) => {
    const id = `${type} ${key}`;
    const known = decoded.get(id);
    if (known) return known;
    const bytes = find(key);
    if (!bytes) throw new InputError(`${what} has no data in the file`);
    const data = decodeElements(bytes, type, what);
    decoded.set(id, data);
    return data;
  };
}

function readArchive(bytes: Uint8Array, name: string): { content: unknown; storages: Storages } {
  const members = new Map(zipMembers(bytes, name, '.pth file of PyTorch').map((member) => [member.name, member]));
  const unpack = (path: string) => {
    const member = members.get(path);
    if (!member) return undefined;
    const problem = unreadableMember(member);
    if (problem) throw new InputError(`${name}, file ${printable(path)} cannot be read: ${problem}`);
    return unpackMember(bytes, member, name);
  };
  const path = [...members.keys()].find((each) => /^[^/]*\/data\.pkl$/.test(each));
  const pickle = path && unpack(path);
  if (!path || !pickle) throw new InputError(`${name} is a zip archive, but not one of torch.save: it has no data.pkl`);
  const folder = path.slice(0, -'data.pkl'.length);
  const order = unpack(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order) !== 'little') {
    throw new InputError(`${name} has the byte order of a big-endian machine, which cannot be read`);
  }
  const content = readTorchPickle(new TorchReader(pickle), name);
  return { content, storages: storagesFrom((key) => unpack(`${folder}data/${key}`)) };
}

function readLegacy(bytes: Uint8Array, name: string): { content: unknown; storages: Storages } {
  const reader = new TorchReader(bytes);
  reader.skip(LEGACY_MAGIC.length);
  const types = new Map<string, number>();
  readTorchPickle(reader, name); // the version of the format
  readTorchPickle(reader, name); // facts about the machine
  const content = readTorchPickle(reader, name, ({ key, type }) => types.set(key, storedBytes(type)));
  const keys = readTorchPickle(reader, name);
  if (!Array.isArray(keys)) throw new InputError(`${name} is damaged: it has no list of storages`);
  const found = new Map<string, Uint8Array>();
  try {
    for (const key of keys) {
      const count = reader.uint64();
      found.set(String(key), reader.take(count * (types.get(String(key)) ?? Number.NaN)));
    }
  } catch (cause) {
    throw new InputError(`${name} is incomplete or damaged: ${messageOf(cause)}`, { cause });
  }
  return { content, storages: storagesFrom((key) => found.get(key)) };
}

/** A copy of the elements that a tensor has in its storage, in row-major order. */
function arrayOf(tensor: StoredTensor, data: ReturnType<typeof decodeElements>, what: string): NdArray {
  const { shape, stride, offset } = tensor;
  const isEmpty = shape.some((length) => length === 0);
  const last = shape.reduce((sum, length, axis) => sum + (length - 1) * stride[axis], offset);
  if (!isEmpty && last >= data.length) throw new InputError(`${what} reaches beyond its data`);
  return copy(isEmpty ? viewOf(data.subarray(0, 0), shape) : viewOf(data, shape, stride, offset));
}
