import { lstatSync, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { InputError, messageOf } from '../array/index.js';
import { reasonOf } from '../node/data/system-reason.js';
import { type FileName, isPlainName, labelOf } from './file-label.js';
import { readPlainFile } from './plain-file.js';
import { parseJson } from './strict-json.js';
import type { TaskFile } from './task.js';
import { filesOf } from './task-files.js';

/** The file of a project that names its assignment. */
export const ABOUT_FILE = 'assignment.json';

/** The text of each source file by its path in `src`, such as `linear.ts`. */
export type Sources = ReadonlyMap<string, string>;

/** The source files of a submission. */
export interface Submission {
  sources: Sources;
  /** What was skipped, and why, in sentences. */
  remarks: string[];
}

const MAX_FILES = 100;
const MAX_BYTES = 300_000;
const MAX_DEPTH = 4;

/**
 * Reads the TypeScript files of an untrusted `src`. It reads only plain files of a limited size, follows no links,
 * skips `node_modules`, and runs nothing. An entry that cannot be read costs nothing but itself.
 *
 * @param folder as bytes, if its name need not be UTF-8
 * @throws InputError when there is no such folder
 */
export function readSubmission(folder: string | Buffer): Submission {
  if (!isFolder(folder)) throw new InputError(`${folder} is not a folder (links are not followed)`);
  const sources = new Map<string, string>();
  const remarks: string[] = [];
  const src = sourceFolder(folder);
  if (src !== undefined) gather(src, '', sources, remarks);
  else remarks.push('There is no folder src.');
  return { sources, remarks };
}

/** The path of an entry in a folder. */
export function pathIn(folder: string | Buffer, name: FileName): Buffer {
  return Buffer.concat([Buffer.from(folder), Buffer.from(sep), name]);
}

/** `src`, the `src` of the only subfolder (as archives unpack), or the folder itself if it contains the files. */
function sourceFolder(folder: string | Buffer): string | Buffer | undefined {
  const names = namesIn(folder);
  const folders = names.filter((name) => !/^(\.|__|node_modules$)/.test(`${name}`) && isFolder(pathIn(folder, name)));
  const parents = folders.length === 1 ? [folder, pathIn(folder, folders[0])] : [folder];
  const places = parents.map((parent) => pathIn(parent, Buffer.from('src')));
  const isSource = (name: FileName) => /\.ts$/.test(`${name}`) && `${name}` !== 'train.ts';
  const here = names.some((name) => isSource(name) && lstatSync(pathIn(folder, name)).isFile());
  return places.find(isFolder) ?? (here ? folder : undefined);
}

/** The names of a folder's entries, in an order that does not depend on the file system. */
function namesIn(folder: string | Buffer): FileName[] {
  return readdirSync(folder, 'buffer').sort((a, b) => a.compare(b));
}

/** Reads what is in a folder of sources. What goes wrong with an entry is a remark. */
function gather(folder: string | Buffer, prefix: string, sources: Map<string, string>, remarks: string[]): void {
  for (const name of namesIn(folder)) {
    const path = `${prefix}${labelOf(name)}`;
    try {
      take(pathIn(folder, name), name, path, sources, remarks);
    } catch (error) {
      remarks.push(`src/${path} was skipped: ${messageOf(error)}`);
    }
  }
}

/**
 * Reads one entry.
 *
 * @throws Error that says why it cannot be used
 */
function take(entry: Buffer, name: FileName, path: string, sources: Map<string, string>, remarks: string[]): void {
  const stats = lstatSync(entry);
  const isFolder = stats.isDirectory();
  if (stats.isSymbolicLink()) throw new Error('it is a link, and links are not followed');
  if (isFolder ? `${name}` === 'node_modules' : !/\.ts$/.test(`${name}`) || /\.d\.ts$/.test(`${name}`)) return;
  if (!isPlainName(name)) throw new Error('its name has characters that cannot be shown');
  if (isFolder) {
    if (path.split('/').length >= MAX_DEPTH) throw new Error(`it is more than ${MAX_DEPTH - 1} folders deep`);
    if (/\.js$/i.test(path)) throw new Error('it is a folder with the name of a compiled file');
    gather(entry, `${path}/`, sources, remarks);
    return;
  }
  if (sources.size >= MAX_FILES) throw new Error(`there are more than ${MAX_FILES} files`);
  sources.set(path, readPlainFile(entry, MAX_BYTES));
}

function isFolder(path: string | Buffer): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false; // it does not exist, or may not be read
  }
}

/**
 * The files of the assignment that a project names in its `assignment.json`.
 *
 * @throws InputError when it names no assignment, or an unknown one
 */
export function assignmentOf(folder: string): TaskFile[] {
  const path = join(folder, ABOUT_FILE);
  let about: unknown;
  try {
    about = parseJson(readPlainFile(path, MAX_BYTES));
  } catch (cause) {
    const message = `${path}: cannot read this file, which names the assignment: ${reasonOf(cause)}; give --assignment NAME instead`;
    throw new InputError(message, { cause });
  }
  const files = typeof about === 'object' && about !== null && 'files' in about ? about.files : undefined;
  if (!Array.isArray(files) || files.length === 0 || !files.every((file) => typeof file === 'string')) {
    throw new InputError(`${path}: expected "files", a list of names such as "linear"`);
  }
  return filesOf(files.join(','));
}
