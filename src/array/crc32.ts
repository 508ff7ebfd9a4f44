/**
 * The checksums of a zip archive. fflate does not verify them when it unpacks an archive, so a flipped bit in a file
 * of weights would go unnoticed. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */

/** For each byte, its remainder modulo the polynomial of CRC-32. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** The CRC-32 checksum of the bytes. */
export function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = REMAINDERS[(remainder ^ byte) & 0xff] ^ (remainder >>> 8);
  return ~remainder >>> 0;
}

const DIRECTORY_END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

/** The CRC-32 of each file, from the directory at the end of the archive. */
export function zipChecksums(archive: Uint8Array): Map<string, number> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  let end = archive.length - 22;
  while (end > 0 && view.getUint32(end, true) !== DIRECTORY_END) end--;
  const checksums = new Map<string, number>();
  let entry = view.getUint32(end + 16, true);
  while (entry < end && view.getUint32(entry, true) === DIRECTORY_ENTRY) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(entry + field, true));
    const letters = Array.from(archive.subarray(entry + 46, entry + 46 + name), (byte) => String.fromCharCode(byte));
    checksums.set(letters.join(''), view.getUint32(entry + 16, true));
    entry += 46 + name + extra + comment;
  }
  return checksums;
}
