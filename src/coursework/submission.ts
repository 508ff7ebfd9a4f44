import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../array/index.js';
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
 * skips `node_modules`, and runs nothing.
 *
 * @throws InputError when there is no such folder
 */
export function readSubmission(folder: string): Submission {
  if (!isFolder(folder)) throw new InputError(`${folder} is not a folder (links are not followed)`);
  const sources = new Map<string, string>();
  const remarks: string[] = [];
  const src = sourceFolder(folder);
  if (src !== undefined) gather(src, '', sources, remarks);
  else remarks.push('There is no folder src.');
  return { sources, remarks };
}

/** `src`, the `src` of the only subfolder (as archives unpack), or the folder itself if it contains the files. */
function sourceFolder(folder: string): string | undefined {
  const entries = readdirSync(folder, { withFileTypes: true });
  const folders = entries.filter((it) => it.isDirectory() && !/^(\.|__|node_modules$)/.test(it.name));
  const places = [join(folder, 'src'), ...(folders.length === 1 ? [join(folder, folders[0].name, 'src')] : [])];
  const files = entries.some((it) => it.isFile() && it.name.endsWith('.ts') && it.name !== 'train.ts');
  return places.find(isFolder) ?? (files ? folder : undefined);
}

function gather(folder: string, prefix: string, sources: Map<string, string>, remarks: string[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`;
    const wanted = entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts');
    if (entry.isSymbolicLink()) remarks.push(`src/${path} is a link and was not followed`);
    else if (entry.isDirectory() && entry.name !== 'node_modules' && path.split('/').length < MAX_DEPTH) {
      gather(join(folder, entry.name), `${path}/`, sources, remarks);
    } else if (entry.isFile() && wanted) {
      const problem = problemOf(join(folder, entry.name), sources.size);
      if (problem) remarks.push(`src/${path} ${problem}`);
      else sources.set(path, readFileSync(join(folder, entry.name), 'utf8'));
    }
  }
}

function problemOf(path: string, before: number): string | undefined {
  if (before >= MAX_FILES) return `was skipped: there are more than ${MAX_FILES} files`;
  const { size, nlink } = lstatSync(path);
  if (nlink > 1) return 'was skipped: it is a hard link';
  return size > MAX_BYTES ? `was skipped: it has ${size} bytes, more than ${MAX_BYTES}` : undefined;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
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
    about = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new InputError(`${path}: cannot read this file, which names the assignment; give --assignment NAME instead`);
  }
  const files = typeof about === 'object' && about !== null && 'files' in about ? about.files : undefined;
  if (!Array.isArray(files) || files.length === 0 || !files.every((file) => typeof file === 'string')) {
    throw new InputError(`${path}: expected "files", a list of names such as "linear"`);
  }
  return filesOf(files.join(','));
}
