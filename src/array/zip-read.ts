import { inflateSync, strFromU8 } from 'fflate';
import { crc32 } from './crc32.js';
import { InputError, printable } from './errors.js';
import { kindHint } from './file-kind.js';
import { ENCRYPTED_FLAG, IN_ZIP64, LENGTH, SIGNATURE, UTF8_FLAG } from './zip-format.js';

/**
 * Reads zip archives as NumPy does, which is as Python's `zipfile` does. Nothing is allocated before the sizes that
 * the archive claims are known to be possible, so a damaged or hostile archive costs no more memory than a sound one
 * of the same length.
 */

/** A file in an archive, from its entry in the directory. */
export interface ZipMember {
  name: string;
  /** The bytes of the name, which the local header repeats. */
  nameBytes: Uint8Array;
  flags: number;
  /** 0 for stored, 8 for deflated. */
  method: number;
  checksum: number;
  packedBytes: number;
  bytes: number;
  /** The position of the local header. */
  at: number;
}

// The longest match of deflate, 258 bytes, costs at least two bits: at most 1,032 bytes for each byte.
const MOST_EXPANSION = 1032;

/**
 * The files of an archive, in the order of its directory.
 *
 * @param name the name of the archive in an error message
 * @param what the kind of file that is expected
 * @throws InputError for bytes that are not an archive, or whose directory is damaged
 */
export function zipMembers(
  archive: Uint8Array,
  name: string,
  what = '.npz file (a zip archive of arrays)',
): ZipMember[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view, archive, name, what);
  const damaged = () => new InputError(`${name} is damaged: the directory of its archive is wrong`);
  const { count, bytes, offset, limit } = directoryOf(view, end);
  // Bytes before the archive, as in a program that unpacks itself, shift all positions.
  const shift = limit - bytes - offset;
  if (shift < 0 || count * LENGTH.entry > bytes) throw damaged();
  const members: ZipMember[] = [];
  let at = limit - bytes;
  for (let i = 0; i < count; i++) {
    if (at + LENGTH.entry > limit || view.getUint32(at, true) !== SIGNATURE.entry) throw damaged();
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + LENGTH.entry + nameBytes + extraBytes + commentBytes;
    if (next > limit) throw damaged();
    members.push(readEntry(view, archive, at, shift));
    at = next;
  }
  const packed = members.reduce((sum, { packedBytes }) => sum + packedBytes, 0);
  if (at !== limit || packed > archive.length) throw damaged();
  return members;
}

function findEnd(view: DataView, archive: Uint8Array, name: string, what: string): number {
  const begins = archive.length >= 4 && [SIGNATURE.local, SIGNATURE.end].some((s) => s === view.getUint32(0, true));
  // A comment of at most 65,535 bytes may follow the end record.
  const first = Math.max(0, archive.length - LENGTH.end - IN_ZIP64.short);
  for (let end = archive.length - LENGTH.end; end >= first; end--) {
    if (
      view.getUint32(end, true) === SIGNATURE.end &&
      end + LENGTH.end + view.getUint16(end + 20, true) <= archive.length
    )
      return end;
  }
  if (begins) throw new InputError(`${name} is incomplete or damaged: it begins like a zip archive, but has no end`);
  throw new InputError(`${name} is not a readable ${what}${kindHint(archive)}`);
}

interface Directory {
  count: number;
  bytes: number;
  /** Its position, as the archive says. */
  offset: number;
  /** The position after it. */
  limit: number;
}

function directoryOf(view: DataView, end: number): Directory {
  const locator = end - LENGTH.locator64;
  const end64 = locator - LENGTH.end64;
  const wide =
    end64 >= 0 &&
    view.getUint32(locator, true) === SIGNATURE.locator64 &&
    view.getUint32(end64, true) === SIGNATURE.end64;
  if (wide)
    return {
      count: long(view, end64 + 32),
      bytes: long(view, end64 + 40),
      offset: long(view, end64 + 48),
      limit: end64,
    };
  const [bytes, offset] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  return { count: view.getUint16(end + 10, true), bytes, offset, limit: end };
}

function readEntry(view: DataView, archive: Uint8Array, at: number, shift: number): ZipMember {
  const flags = view.getUint16(at + 8, true);
  const nameAt = at + LENGTH.entry;
  const extraAt = nameAt + view.getUint16(at + 28, true);
  const extra = wideFields(view, extraAt, extraAt + view.getUint16(at + 30, true));
  // The extra field of zip64 has, in this order, those of the three fields that have no room here.
  const [bytes, packedBytes, offset] = [24, 20, 42].map((field) => {
    const value = view.getUint32(at + field, true);
    return value === IN_ZIP64.long ? (extra.shift() ?? value) : value;
  });
  return {
    name: decodeName(archive.subarray(nameAt, extraAt), flags),
    nameBytes: archive.subarray(nameAt, extraAt),
    flags,
    method: view.getUint16(at + 10, true),
    checksum: view.getUint32(at + 16, true),
    packedBytes,
    bytes,
    at: offset + shift,
  };
}

function wideFields(view: DataView, from: number, to: number): number[] {
  for (let at = from; at + 4 <= to; ) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (id === 1 && at + 4 + length <= to) {
      return Array.from({ length: Math.floor(length / 8) }, (_, i) => long(view, at + 4 + 8 * i));
    }
    at += 4 + length;
  }
  return [];
}

function long(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

// The characters 128 to 255 of the IBM PC, in which zip names are written without the flag of UTF-8.
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

function decodeName(bytes: Uint8Array, flags: number): string {
  if (flags & UTF8_FLAG) return strFromU8(bytes);
  return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437[byte - 128])).join('');
}

/** Why the content of a sound archive's file cannot be read, or undefined if it can. */
export function unreadableMember({ flags, method }: ZipMember): string | undefined {
  if (flags & ENCRYPTED_FLAG) return 'it is encrypted';
  if (method === 0 || method === 8) return undefined;
  const known = { 9: 'deflate64', 12: 'bzip2', 14: 'LZMA', 93: 'Zstandard' }[method];
  return `it is compressed with ${known ?? `method ${method}`}, not with deflate`;
}

/**
 * The content of a file.
 *
 * @param member one of `zipMembers(archive)` for which `unreadableMember` has no reason
 * @param name the name of the archive in an error message
 * @throws InputError if the content is damaged
 */
export function unpackMember(archive: Uint8Array, member: ZipMember, name: string): Uint8Array {
  const damaged = (what: string) => new InputError(`${name} is damaged: ${what} of ${printable(member.name)} is wrong`);
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const { at, method, packedBytes, bytes } = member;
  if (at + LENGTH.local > archive.length || view.getUint32(at, true) !== SIGNATURE.local) throw damaged('the position');
  const nameEnd = at + LENGTH.local + view.getUint16(at + 26, true);
  const start = nameEnd + view.getUint16(at + 28, true);
  if (!sameBytes(archive.subarray(at + LENGTH.local, nameEnd), member.nameBytes)) throw damaged('the name');
  const possible = method === 0 ? bytes === packedBytes : bytes <= MOST_EXPANSION * packedBytes;
  if (!possible || start + packedBytes > archive.length) throw damaged('the size');
  const packed = archive.subarray(start, start + packedBytes);
  const content = method === 0 ? packed : inflate(packed, bytes);
  if (content?.length !== bytes) throw damaged('the size');
  if (crc32(content) !== member.checksum) throw damaged('the checksum');
  return content;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** The unpacked bytes, at most as many as expected, or undefined if they cannot be unpacked. */
function inflate(packed: Uint8Array, expected: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { out: new Uint8Array(expected) });
  } catch {
    return undefined;
  }
}
