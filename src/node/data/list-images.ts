import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import { reasonOf } from './system-reason.js';

/** The names that files of a folder must have. A file that is named directly may have any name. */
const NAMES = {
  images: { pattern: /\.(png|jpe?g|jfif|npy)$/i, text: 'PNG, JPEG or .npy files' },
  features: { pattern: /\.(csv|tsv|npy)$/i, text: 'CSV or .npy files' },
} as const;

/** The files of a folder. */
export interface FolderImages {
  /** The paths of those that can be used, in the order of their names: `image-2.png` comes before `image-10.png`. */
  files: string[];
  /** The number of other files and folders in it, except those whose name begins with a dot. */
  others: number;
}

/**
 * The images in a folder, or the files with features.
 *
 * @param kind what is looked for. Default: images.
 * @returns undefined if the path is not a folder
 * @throws InputError for a path that does not exist, or a folder that cannot be read or has no images
 */
export async function imagesIn(path: string, kind: keyof typeof NAMES = 'images'): Promise<FolderImages | undefined> {
  const { pattern, text } = NAMES[kind];
  let names: string[];
  try {
    if (!(await stat(path)).isDirectory()) return undefined;
    names = (await readdir(path)).filter((name) => !name.startsWith('.'));
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  const found = names.filter((name) => pattern.test(name)).sort(byName);
  if (found.length === 0) throw new InputError(`${path} has no ${text}`);
  return { files: found.map((name) => join(path, name)), others: names.length - found.length };
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
