import { InputError } from '../../array/index.js';

/** A picture of more pixels is refused before memory is used for it. The photos of telephones have 12 to 50 million. */
const MOST_PIXELS = 50_000_000;

/**
 * Checks the size that the header of a picture claims.
 *
 * @param name the name of the file in an error message
 * @throws InputError for a side of 0, or for more than 50 million pixels
 */
export function assertPictureSize(name: string, width: number, height: number): void {
  if (width === 0 || height === 0) throw new InputError(`${name} is damaged: its size is ${width} × ${height} pixels`);
  if (width * height > MOST_PIXELS) {
    throw new InputError(
      `${name} is too large: ${width} × ${height} pixels, and ${MOST_PIXELS / 1e6} million is the limit`,
    );
  }
}
