import { lstatSync, readdirSync } from 'node:fs';
import { InputError } from '../array/index.js';
import { type FileName, labelOf } from './file-label.js';
import { ABOUT_FILE, pathIn } from './submission.js';

/** A submission in the folder of a class. */
export interface ClassEntry {
  /** Its name, as every report shows it. */
  name: string;
  path: Buffer;
}

/** What is in the folder of a class. */
export interface ClassFolder {
  /** In the order of their names. */
  submissions: ClassEntry[];
  /** The names of everything else, such as `notes.txt`. */
  strays: string[];
}

/**
 * Lists the folder of a class. Every folder in it is a submission. A link and an entry that cannot be read count as
 * submissions as well, so that nobody is lost in silence; their reports say what is wrong. Files, hidden folders and
 * what macOS adds to archives do not count.
 *
 * @throws InputError when it contains no submission
 */
export function readClassFolder(folder: string): ClassFolder {
  let names: FileName[];
  try {
    names = readdirSync(folder, 'buffer').sort((a, b) => a.compare(b));
  } catch (cause) {
    throw new InputError(`--all ${folder}: cannot read this folder`, { cause });
  }
  if (names.some((name) => `${name}` === ABOUT_FILE))
    throw new InputError(`--all ${folder}: this is one submission; expected a folder of submissions`);
  const entries = names.map((name) => ({ name: labelOf(name), path: pathIn(folder, name) }));
  const kinds = entries.map(({ path }) => kindOf(path));
  if (!kinds.includes('folder')) {
    throw new InputError(`--all ${folder}: expected one folder per submission, but it contains no folder`);
  }
  const counts = entries.map(({ name }, i) => kinds[i] !== 'other' && !/^\.|^__MACOSX$/.test(name));
  return {
    submissions: entries.filter((_, i) => counts[i]),
    strays: entries.filter((_, i) => !counts[i]).map(({ name }) => name),
  };
}

function kindOf(path: Buffer): 'folder' | 'unclear' | 'other' {
  try {
    const stats = lstatSync(path);
    if (stats.isDirectory()) return 'folder';
    return stats.isSymbolicLink() ? 'unclear' : 'other';
  } catch {
    return 'unclear';
  }
}
