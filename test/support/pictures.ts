import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Picture } from '../../src/data/picture.js';
import { fixtureBytes, fixturePath } from './fixtures.js';

/** A picture in a fixture, its bytes as a list. */
type ListedPicture = Omit<Picture, 'bytes'> & { bytes: number[] };

const listed: {
  files: (ListedPicture & { name: string })[];
  resized: { from: ListedPicture; to: ListedPicture }[];
  gray: { from: ListedPicture; to: ListedPicture };
} = JSON.parse(readFileSync(fixturePath('pictures/pictures.json'), 'utf8'));

const pictureOf = ({ channels, height, width, bytes }: ListedPicture): Picture => ({
  ...{ channels, height, width },
  bytes: Uint8Array.from(bytes),
});

/** Files that PIL wrote, and what PIL reads from them; see test/fixtures/make_pictures.py. */
export const pictureFiles = listed.files.map((file) => ({ name: file.name, picture: pictureOf(file) }));

/** Pictures before and after PIL resized them. */
export const resizedPictures = listed.resized.map(({ from, to }) => ({ from: pictureOf(from), to: pictureOf(to) }));

/** A picture in color, and what PIL makes of it in gray. */
export const grayPicture = { from: pictureOf(listed.gray.from), to: pictureOf(listed.gray.to) };

export function picturePath(name: string): string {
  return fileURLToPath(fixturePath(`pictures/${name}`));
}

export function pictureBytes(name: string): Uint8Array {
  return fixtureBytes(`pictures/${name}`);
}

/** How far two lists of numbers are apart: at most, and on average. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): { most: number; mean: number } {
  const each = Array.from(a, (value, i) => Math.abs(value - b[i]));
  return { most: Math.max(...each), mean: each.reduce((sum, value) => sum + value, 0) / each.length };
}
