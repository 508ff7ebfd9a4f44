import { inflateSync } from 'node:zlib';
import { type DecodedPng, decode } from 'fast-png';
import { InputError, messageOf } from '../../array/index.js';
import type { Picture } from '../../data/picture.js';
import { assertPictureSize } from './picture-limits.js';

/**
 * The picture in the bytes of a PNG file: gray, color or palette, of any depth. Sixteen bits become eight. What is
 * transparent is laid on white.
 *
 * @param name the name of the file in an error message
 * @throws InputError for a file that is incomplete, damaged or too large
 */
export function decodePng(bytes: Uint8Array, name: string): Picture {
  const plain = plainPng(bytes, name);
  let png: DecodedPng;
  try {
    png = decode(plain, { checkCrc: true });
  } catch (cause) {
    throw new InputError(`${name} is a damaged PNG file: ${messageOf(cause)}`, { cause });
  }
  const { width, height } = png;
  const { color, alpha } = png.palette ? paletteColors(png, png.palette, name) : sampleColors(png);
  const channels = color.length / (width * height);
  const planes = new Uint8Array(color.length); // channel by channel
  for (let i = 0, at = 0; i < width * height; i++) {
    const share = alpha ? alpha[i] / 255 : 1;
    for (let c = 0; c < channels; c++, at++) {
      planes[c * width * height + i] = share * color[at] + (1 - share) * WHITE + 0.5;
    }
  }
  return { channels, height, width, bytes: planes };
}

const WHITE = 255;

/** Colors from 0 to 255, pixel by pixel, and how opaque each pixel is; without alpha, all are. */
interface Colors {
  color: Uint8Array;
  alpha: Uint8Array | undefined;
}

function paletteColors(png: DecodedPng, palette: readonly (readonly number[])[], name: string): Colors {
  const indices = samplesOf(png);
  const color = new Uint8Array(3 * indices.length);
  const alpha = new Uint8Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const entry = palette[indices[i]];
    if (!entry) throw new InputError(`${name} is a damaged PNG file: a pixel has a color that is not in the palette`);
    color.set(entry.slice(0, 3), 3 * i);
    alpha[i] = entry[3] ?? 255;
  }
  return { color, alpha };
}

function sampleColors(png: DecodedPng): Colors {
  const { channels, depth, transparency } = png;
  const samples = samplesOf(png);
  const colors = channels < 3 ? 1 : 3;
  const pixels = samples.length / channels;
  const toByte = 255 / (2 ** depth - 1);
  const color = new Uint8Array(colors * pixels);
  const alpha = channels > colors || transparency ? new Uint8Array(pixels) : undefined;
  for (let i = 0; i < pixels; i++) {
    let isTransparent = transparency !== undefined;
    for (let c = 0; c < colors; c++) {
      const sample = samples[channels * i + c];
      color[colors * i + c] = sample * toByte + 0.5;
      if (transparency && sample !== transparency[c]) isTransparent = false;
    }
    if (alpha) alpha[i] = transparency ? (isTransparent ? 0 : 255) : samples[channels * i + colors] * toByte + 0.5;
  }
  return { color, alpha };
}

/** The samples of all pixels, one number each: below eight bits, a PNG packs several into a byte. */
function samplesOf({ width, height, depth, data }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data;
  const samples = new Uint8Array(width * height);
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const byte = data[y * rowBytes + Math.floor(x / perByte)];
      samples[y * width + x] = (byte >> (8 - depth * ((x % perByte) + 1))) & (2 ** depth - 1);
    }
  }
  return samples;
}

const SIGNATURE_BYTES = 8;
/** The chunks that the pixels depend on. Others, such as color profiles and texts, are left out. */
const KEPT = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];
/** Samples per pixel, by the color type of the header. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/**
 * The file with only the chunks that its pixels depend on, once they are known to inflate to the size that the header
 * promises: a small file cannot fill the memory.
 */
function plainPng(bytes: Uint8Array, name: string): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const incomplete = new InputError(`${name} is an incomplete PNG file: its end is missing`);
  const kept = [bytes.subarray(0, SIGNATURE_BYTES)];
  const data: Uint8Array[] = [];
  let type = '';
  for (let at = SIGNATURE_BYTES; type !== 'IEND'; ) {
    if (at + 12 > bytes.length) throw incomplete;
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length) throw incomplete;
    type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (KEPT.includes(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, end - 4));
    at = end;
  }
  const expected = inflatedSize(kept[1], name);
  try {
    if (inflateSync(Buffer.concat(data), { maxOutputLength: expected }).length < expected) throw incomplete;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const why = cause instanceof RangeError ? 'it holds more than its size in pixels' : messageOf(cause);
    throw new InputError(`${name} is a damaged PNG file: ${why}`, { cause });
  }
  return Buffer.concat(kept);
}

/** The bytes of all rows, each with the byte of its filter, as the header chunk promises. */
function inflatedSize(header: Uint8Array, name: string): number {
  const damaged = new InputError(`${name} is a damaged PNG file: it has no valid header`);
  if (String.fromCharCode(...header.subarray(4, 8)) !== 'IHDR' || header.length !== 25) throw damaged;
  const view = new DataView(header.buffer, header.byteOffset);
  const [width, height] = [view.getUint32(8), view.getUint32(12)];
  const [depth, colorType, interlaced] = [header[16], header[17], header[20]];
  assertPictureSize(name, width, height);
  if (!Object.hasOwn(SAMPLES, colorType)) throw damaged;
  if (interlaced && depth < 8) {
    throw new InputError(`${name} is an interlaced PNG file of ${depth} bits per color; save it without interlacing`);
  }
  const rows = (columns: number, count: number) =>
    columns === 0 ? 0 : count * (1 + Math.ceil((columns * depth * SAMPLES[colorType]) / 8));
  if (!interlaced) return rows(width, height);
  return ADAM7.reduce(
    (total, { x, y, dx, dy }) => total + rows(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
    0,
  );
}

/** The seven passes of an interlaced file: where each begins, and its steps. */
const ADAM7 = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];
