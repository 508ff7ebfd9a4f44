import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, messageOf } from '../../array/index.js';

/** The names that files with images or arrays have. A file that is named directly may have any name. */
const NAMES = /\.(png|jpe?g|jfif|npy)$/i;

/** The files of a folder. */
export interface FolderImages {
  /** The paths of its PNG, JPEG and .npy files, in the order of their names: `image-2.png` comes before `image-10.png`. */
  files: string[];
  /** The number of other files and folders in it, except those whose name begins with a dot. */
  others: number;
}

/**
 * The images in a folder.
 *
 * @returns undefined if the path is not a folder
 * @throws InputError for a path that does not exist, or a folder that cannot be read or has no images
 */
export async function imagesIn(path: string): Promise<FolderImages | undefined> {
  let names: string[];
  try {
    if (!(await stat(path)).isDirectory()) return undefined;
    names = (await readdir(path)).filter((name) => !name.startsWith('.'));
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
  const images = names.filter((name) => NAMES.test(name)).sort(byName);
  if (images.length === 0) throw new InputError(`${path} has no PNG, JPEG or .npy files`);
  return { files: images.map((name) => join(path, name)), others: names.length - images.length };
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
