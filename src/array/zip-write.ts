import { strFromU8, strToU8 } from 'fflate';
import { crc32 } from './crc32.js';
import { InputError } from './errors.js';
import { IN_ZIP64, LENGTH, SIGNATURE, UTF8_FLAG } from './zip-format.js';

// Every file has the same date, the first that zip can store, so that the same files always give the same bytes.
const JANUARY_1_1980 = (1 << 21) | (1 << 16);
const VERSION = 20;
const VERSION_64 = 45;

/**
 * The bytes of an uncompressed zip archive. Names are UTF-8. More than 65,535 files are written as zip64.
 *
 * @param call the call that an error names
 * @throws InputError for a name that zip cannot store, or 4 GB or more in all
 */
export function writeZip(files: readonly [name: string, content: Uint8Array][], call: string): Uint8Array {
  const names = files.map(([name]) => encodeName(name, call));
  const nameBytes = names.reduce((sum, { length }) => sum + length, 0);
  const directoryAt = files.reduce((sum, [, { length }]) => sum + LENGTH.local + length, nameBytes);
  const directoryBytes = files.length * LENGTH.entry + nameBytes;
  const wide = files.length >= IN_ZIP64.short;
  const total = directoryAt + directoryBytes + (wide ? LENGTH.end64 + LENGTH.locator64 : 0) + LENGTH.end;
  if (total >= IN_ZIP64.long) {
    throw new InputError(`${call}: the archive would have ${total} bytes; write less than 4 GB into one file`);
  }
  const out = new Uint8Array(total);
  const view = new DataView(out.buffer);
  let at = 0;
  let entryAt = directoryAt;
  files.forEach(([, content], i) => {
    const bytes = names[i];
    view.setUint32(at, SIGNATURE.local, true);
    writeDescription(view, at + 4, bytes, content);
    out.set(bytes, at + LENGTH.local);
    out.set(content, at + LENGTH.local + bytes.length);
    view.setUint32(entryAt, SIGNATURE.entry, true);
    view.setUint16(entryAt + 4, VERSION, true);
    // The entry of the directory repeats the description in the local header.
    out.set(out.subarray(at + 4, at + LENGTH.local), entryAt + 6);
    view.setUint32(entryAt + 42, at, true);
    out.set(bytes, entryAt + LENGTH.entry);
    at += LENGTH.local + bytes.length + content.length;
    entryAt += LENGTH.entry + bytes.length;
  });
  if (wide) writeEnd64(view, entryAt, files.length, directoryBytes, directoryAt);
  const end = total - LENGTH.end;
  view.setUint32(end, SIGNATURE.end, true);
  for (const field of [8, 10]) view.setUint16(end + field, Math.min(files.length, IN_ZIP64.short), true);
  view.setUint32(end + 12, directoryBytes, true);
  view.setUint32(end + 16, directoryAt, true);
  return out;
}

/** The fields that a local header and an entry of the directory share: 26 bytes. */
function writeDescription(view: DataView, at: number, name: Uint8Array, content: Uint8Array): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, name.some((byte) => byte > 127) ? UTF8_FLAG : 0, true);
  view.setUint32(at + 6, JANUARY_1_1980, true);
  view.setUint32(at + 10, crc32(content), true);
  view.setUint32(at + 14, content.length, true);
  view.setUint32(at + 18, content.length, true);
  view.setUint16(at + 22, name.length, true);
}

function writeEnd64(view: DataView, at: number, count: number, directoryBytes: number, directoryAt: number): void {
  const long = (field: number, value: number) => view.setBigUint64(at + field, BigInt(value), true);
  view.setUint32(at, SIGNATURE.end64, true);
  long(4, LENGTH.end64 - 12);
  view.setUint16(at + 12, VERSION_64, true);
  view.setUint16(at + 14, VERSION_64, true);
  long(24, count);
  long(32, count);
  long(40, directoryBytes);
  long(48, directoryAt);
  const locator = at + LENGTH.end64;
  view.setUint32(locator, SIGNATURE.locator64, true);
  view.setBigUint64(locator + 8, BigInt(at), true);
  view.setUint32(locator + 16, 1, true);
}

function encodeName(name: string, call: string): Uint8Array {
  const bytes = strToU8(name);
  if (name.includes('\0') || strFromU8(bytes) !== name) {
    throw new InputError(`${call}: the name ${JSON.stringify(name)} has a character that a zip archive cannot store`);
  }
  if (bytes.length > IN_ZIP64.short) {
    throw new InputError(
      `${call}: the name ${name.slice(0, 20)}… has ${bytes.length} bytes; a zip archive stores 65535`,
    );
  }
  return bytes;
}
