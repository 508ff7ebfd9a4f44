import { readFile } from 'node:fs/promises';
import { assertBytes, assertText, InputError } from '../../array/index.js';
import type { Picture } from '../../data/picture.js';
import { decodeJpeg } from './jpeg-picture.js';
import { decodePng } from './png-picture.js';
import { reasonOf } from './system-reason.js';

/**
 * Reads a PNG or a JPEG file of up to 50 million pixels. The content tells which it is, not the name of the file. A
 * picture with transparent parts is laid on white. A photo is turned upright, as its EXIF data say.
 *
 * @param path the path of the file
 * @returns one channel for a gray picture, three for one in color
 * @throws InputError that names the file, if it cannot be read, is not a PNG or JPEG picture, is damaged, or too large
 */
export async function readPicture(path: string): Promise<Picture> {
  assertText('readPicture', 'path', path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  return decodePicture(bytes, path);
}

/**
 * The picture in the bytes of a PNG or a JPEG file, as `readPicture` reads it.
 *
 * @param name the name of the file in an error message
 * @throws InputError for bytes that are not such a file, are damaged, or hold more than 50 million pixels
 */
export function decodePicture(bytes: Uint8Array, name: string): Picture {
  assertBytes('decodePicture', 'bytes', bytes);
  assertText('decodePicture', 'name', name);
  switch (kindOfPicture(bytes)) {
    case 'PNG':
      return decodePng(bytes, name);
    case 'JPEG':
      return decodeJpeg(bytes, name);
    default:
      throw new InputError(`${name} is ${otherKind(bytes)}, not a PNG or JPEG picture`);
  }
}

/** What the first bytes of a file say that it is. Undefined if it is neither. */
export function kindOfPicture(bytes: Uint8Array): 'PNG' | 'JPEG' | undefined {
  if (beginsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'PNG';
  return beginsWith(bytes, '\xff\xd8\xff') ? 'JPEG' : undefined;
}

/** Other formats that people take for pictures that can be read, by how their files begin. */
const OTHERS: readonly [begin: string, at: number, kind: string][] = [
  ['GIF8', 0, 'a GIF file'],
  ['WEBP', 8, 'a WebP file'],
  ['BM', 0, 'a BMP file'],
  ['II*\0', 0, 'a TIFF file'],
  ['MM\0*', 0, 'a TIFF file'],
  ['ftypavif', 4, 'an AVIF file'],
  ['ftyp', 4, 'a HEIC or video file'],
  ['%PDF', 0, 'a PDF file'],
  ['<svg', 0, 'an SVG file'],
  ['PK\x03\x04', 0, 'a zip archive'],
];

function otherKind(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty';
  return OTHERS.find(([begin, at]) => beginsWith(bytes.subarray(at), begin))?.[2] ?? 'a file of another kind';
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length >= text.length && [...text].every((letter, i) => bytes[i] === letter.charCodeAt(0));
}
