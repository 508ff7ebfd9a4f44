import { decode } from 'jpeg-js';
import { InputError, messageOf } from '../../array/index.js';
import type { Picture } from '../../data/picture.js';
import { type Orientation, orientationIn, upright } from './exif-orientation.js';
import { assertPictureSize } from './picture-limits.js';

/** As the decoder counts. A file of 48 million pixels takes up to 1.1 GB in all. */
const MOST_MEMORY_MB = 1024;

/**
 * The picture in the bytes of a JPEG file, baseline or progressive, turned upright.
 *
 * @param name the name of the file in an error message
 * @throws InputError for a file that is incomplete, damaged, too large, or of a rare kind
 */
export function decodeJpeg(bytes: Uint8Array, name: string): Picture {
  const { width, height, components, hasPlainColors, orientation } = readHeaders(bytes, name);
  let data: Uint8Array;
  try {
    ({ data } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: hasPlainColors ? false : undefined,
      maxMemoryUsageInMB: MOST_MEMORY_MB,
    }));
  } catch (cause) {
    throw new InputError(`${name} is a damaged JPEG file: ${messageOf(cause)}`, { cause });
  }
  const channels = components === 1 ? 1 : 3; // a gray picture is decoded to three equal channels
  const planes = new Uint8Array(channels * width * height); // channel by channel
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < channels; c++) planes[c * width * height + i] = data[3 * i + c];
  }
  return upright({ channels, height, width, bytes: planes }, orientation);
}

interface Headers {
  width: number;
  height: number;
  components: number;
  /** Whether three components are red, green and blue, rather than luminance and two chrominances. */
  hasPlainColors: boolean;
  orientation: Orientation;
}

const [START_OF_FRAME, PROGRESSIVE, LAST_FRAME, HUFFMAN, EXTENSION, CODING] = [0xc0, 0xc2, 0xcf, 0xc4, 0xc8, 0xcc];
const [END_OF_IMAGE, START_OF_SCAN, EXIF, ADOBE] = [0xd9, 0xda, 0xe1, 0xee];

/** Reads the segments before the pixels, and checks that the size they claim is possible. */
function readHeaders(bytes: Uint8Array, name: string): Headers {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const incomplete = new InputError(`${name} is an incomplete JPEG file: its end is missing`);
  let frame: Omit<Headers, 'orientation'> | undefined;
  let orientation: Orientation = 1;
  let hasPlainColors = false;
  for (let at = 2; ; ) {
    if (at + 4 > bytes.length) throw incomplete;
    if (bytes[at] !== 0xff) throw new InputError(`${name} is a damaged JPEG file: a header is not where it should be`);
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++; // a fill byte
      continue;
    }
    const end = at + 2 + view.getUint16(at + 2);
    if (marker === START_OF_SCAN) {
      if (!hasEnd(bytes, at)) throw incomplete;
      break;
    }
    if (end > bytes.length) throw incomplete;
    const content = bytes.subarray(at + 4, end);
    if (isFrame(marker)) frame = readFrame(content, marker, bytes.length, name);
    if (marker === EXIF) orientation = orientationIn(content) ?? orientation;
    if (marker === ADOBE)
      hasPlainColors ||= String.fromCharCode(...content.subarray(0, 5)) === 'Adobe' && content[11] === 0;
    at = end;
  }
  if (!frame) throw new InputError(`${name} is a damaged JPEG file: its size is missing`);
  return { ...frame, hasPlainColors: hasPlainColors || frame.hasPlainColors, orientation };
}

function isFrame(marker: number): boolean {
  return marker >= START_OF_FRAME && marker <= LAST_FRAME && ![HUFFMAN, EXTENSION, CODING].includes(marker);
}

function readFrame(content: Uint8Array, marker: number, fileBytes: number, name: string): Omit<Headers, 'orientation'> {
  const [precision, h1, h0, w1, w0, components, ...parts] = content;
  if (marker > PROGRESSIVE || precision !== 8) {
    throw new InputError(`${name} is a JPEG file of a rare kind; save it as a common JPEG or as PNG`);
  }
  const [width, height] = [w1 * 256 + w0, h1 * 256 + h0];
  assertPictureSize(name, width, height);
  // Each block of 8 × 8 pixels takes at least one bit.
  if ((width * height) / 64 > 8 * fileBytes) {
    throw new InputError(`${name} is damaged: ${fileBytes} bytes cannot hold ${width} × ${height} pixels`);
  }
  const letters = String.fromCharCode(...parts.filter((_, i) => i % 3 === 0));
  return { width, height, components, hasPlainColors: letters === 'RGB' };
}

/** Whether the mark of the end comes after the pixels. Inside them, a byte 0xff is never followed by it. */
function hasEnd(bytes: Uint8Array, from: number): boolean {
  for (let at = bytes.length - 2; at > from; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === END_OF_IMAGE) return true;
  }
  return false;
}
