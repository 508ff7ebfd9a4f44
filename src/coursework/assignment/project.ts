import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '../../array/index.js';
import { filesOf } from '../catalog.js';
import { LIBRARY } from '../library.js';
import { ABOUT_FILE } from '../submission.js';
import type { TaskFile } from '../task.js';
import { sourcesOf } from './project-sources.js';
import { readmeOf, trainingScript } from './project-texts.js';

/** What `writeProject` makes. */
export interface ProjectOptions {
  /** A name of `ASSIGNMENTS`, or files with commas between them. */
  name: string;
  folder: string;
  /** The solved twin instead of the stubs. */
  solution: boolean;
  /** What `package.json` asks for: a version, a tarball or a folder. Without, this very library. */
  library?: string;
  version: string;
}

/**
 * Writes a student's project; the whole of it, or nothing.
 *
 * @returns its files of tasks
 * @throws InputError for an unknown name, or a folder that is not empty
 */
export function writeProject({ name, folder, solution, library, version }: ProjectOptions): TaskFile[] {
  const files = filesOf(name);
  const target = resolve(folder);
  if (existsSync(target) && !isEmptyFolder(target)) {
    throw new InputError(`${folder} is there already, and not an empty folder`);
  }
  const contents = new Map([...sourcesOf(files, solution)].map(([path, text]) => [`src/${path}`, text]));
  const dependency = library === undefined ? ownDependency(target, version) : givenDependency(target, library);
  const trains = files.some(({ id }) => id === 'mlp');
  contents.set('package.json', packageOf(basename(target), dependency, trains));
  contents.set('tsconfig.json', TSCONFIG);
  contents.set(ABOUT_FILE, json({ assignment: name, files: files.map(({ id }) => id), handgrad: version }));
  contents.set('README.md', readmeOf(name, files));
  contents.set('.gitignore', 'node_modules/\n.handgrad/\nruns/\n');
  if (trains) contents.set('train.ts', trainingScript(files));
  writeAll(target, contents);
  return files;
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}

/** Beside its place first, then renamed into it. */
function writeAll(target: string, contents: ReadonlyMap<string, string>): void {
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}`);
  try {
    for (const [path, text] of contents) {
      mkdirSync(dirname(join(beside, path)), { recursive: true });
      writeFileSync(join(beside, path), text);
    }
    if (existsSync(target)) rmdirSync(target);
    renameSync(beside, target);
  } catch (cause) {
    throw new InputError(`${target} cannot be written: ${cause instanceof Error ? cause.message : cause}`, { cause });
  } finally {
    if (existsSync(beside)) rmSync(beside, { recursive: true, force: true });
  }
}

/** The version of an installed library; of a checkout, the way to it. */
function ownDependency(target: string, version: string): string {
  return LIBRARY.includes(`${sep}node_modules${sep}`) ? `^${version}` : wayTo(target, LIBRARY);
}

function givenDependency(target: string, library: string): string {
  if (!existsSync(library)) {
    if (/^[\^~]?\d/.test(library) || /^[a-z]+:/.test(library)) return library;
    throw new InputError(`--library ${library}: there is no such file or folder, and it is no version`);
  }
  return wayTo(target, resolve(library));
}

function wayTo(target: string, path: string): string {
  return `file:${relative(target, path).split(sep).join('/').replace(/\/$/, '')}`;
}

function packageOf(name: string, handgrad: string, trains: boolean): string {
  return json({
    name:
      name
        .toLowerCase()
        .replace(/[^a-z0-9-]+/g, '-')
        .replace(/^-+|-+$/g, '') || 'assignment',
    private: true,
    type: 'module',
    scripts: {
      test: 'handgrad grade .',
      watch: 'handgrad grade . --watch',
      ...(trains ? { train: 'handgrad assignment run train.ts' } : {}),
    },
    dependencies: { handgrad },
  });
}

/** For editors: the grader has a compiler of its own. */
const TSCONFIG = json({
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    lib: ['ES2022', 'DOM'],
    strict: true,
    noImplicitOverride: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['src', '*.ts'],
});

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
