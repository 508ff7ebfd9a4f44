import type { Picture } from '../../data/picture.js';

/**
 * How a camera was held, from 1 (upright) to 8. 2, 4, 5 and 7 are mirrored. 5 to 8 exchange the two sides.
 */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const TAG = 0x0112;
const SHORT = 3;

/**
 * The orientation in an EXIF segment of a JPEG file: a small TIFF file after `Exif\0\0`.
 *
 * @param segment the content of the segment, after its length
 * @returns undefined if there is none, or if the segment is damaged
 */
export function orientationIn(segment: Uint8Array): Orientation | undefined {
  if (segment.length < 14 || String.fromCharCode(...segment.subarray(0, 6)) !== 'Exif\0\0') return undefined;
  const view = new DataView(segment.buffer, segment.byteOffset + 6, segment.length - 6);
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return undefined;
  const entries = view.getUint16(directory, little);
  for (let at = directory + 2; at < directory + 2 + 12 * entries && at + 12 <= view.byteLength; at += 12) {
    if (view.getUint16(at, little) !== TAG || view.getUint16(at + 2, little) !== SHORT) continue;
    const value = view.getUint16(at + 8, little);
    return isOrientation(value) ? value : undefined;
  }
  return undefined;
}

function isOrientation(value: number): value is Orientation {
  return value >= 1 && value <= 8;
}

/** The picture as it was meant to be seen. */
export function upright(picture: Picture, orientation: Orientation): Picture {
  if (orientation === 1) return picture;
  const { channels, height, width, bytes } = picture;
  const isExchanged = orientation >= 5;
  const [newHeight, newWidth] = isExchanged ? [width, height] : [height, width];
  // From where in the file each pixel comes: along which axis, and from which end.
  const isFromRight = [2, 3, 7, 8].includes(orientation);
  const isFromBottom = [3, 4, 6, 7].includes(orientation);
  const turned = new Uint8Array(bytes.length);
  for (let c = 0, at = 0; c < channels; c++) {
    for (let y = 0; y < newHeight; y++) {
      for (let x = 0; x < newWidth; x++, at++) {
        const [row, column] = isExchanged ? [x, y] : [y, x];
        const fromRow = isFromBottom ? height - 1 - row : row;
        const fromColumn = isFromRight ? width - 1 - column : column;
        turned[at] = bytes[(c * height + fromRow) * width + fromColumn];
      }
    }
  }
  return { channels, height: newHeight, width: newWidth, bytes: turned };
}
