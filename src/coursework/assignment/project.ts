import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../../array/index.js';
import { reasonOf } from '../../node/data/system-reason.js';
import { LIBRARY } from '../library.js';
import { scratchFolder } from '../sandbox/cleanup.js';
import { ABOUT_FILE } from '../submission.js';
import type { TaskFile } from '../task.js';
import { filesOf } from '../task-files.js';
import { sourcesOf } from './project-sources.js';
import { readmeOf, trainingModel, trainingScript } from './project-texts.js';

/** The folder of the library's tarball in a project. */
const VENDOR = 'vendor';

/** The options of `writeProject`. */
export interface ProjectOptions {
  /** A name from `ASSIGNMENTS`, or a comma-separated list of files. */
  name: string;
  folder: string;
  /** Whether to write the solution instead of the stubs. */
  solution: boolean;
  /** The handgrad that `package.json` depends on: a version, a tarball or a folder. Default: this library. */
  library?: string;
  version: string;
}

/**
 * Writes a student's project. It writes all of its files, or none.
 *
 * @returns the files of the assignment
 * @throws InputError for an unknown name, or a folder that is not empty
 */
export function writeProject({ name, folder, solution, library, version }: ProjectOptions): TaskFile[] {
  const files = filesOf(name);
  const target = resolve(folder);
  if (existsSync(target) && !isEmptyFolder(target)) {
    throw new InputError(`${folder} already exists and is not an empty folder`);
  }
  const contents = new Map<string, string | Uint8Array>(
    [...sourcesOf(files, solution)].map(([path, text]) => [`src/${path}`, text]),
  );
  const { dependency, tarball } = dependencyOf(library ?? LIBRARY);
  const trained = trainingModel(files);
  contents.set('package.json', packageOf(basename(target), dependency, trained !== undefined));
  contents.set('tsconfig.json', TSCONFIG);
  contents.set(ABOUT_FILE, json({ assignment: name, files: files.map(({ id }) => id), handgrad: version }));
  contents.set('README.md', readmeOf(name, files));
  contents.set('.gitignore', 'node_modules/\n.handgrad/\nruns/\n');
  if (trained) contents.set('train.ts', trainingScript(files, trained));
  if (tarball !== undefined) contents.set(`${VENDOR}/${basename(tarball)}`, readFileSync(tarball));
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

/** Writes into a temporary folder next to the target, then renames it. */
function writeAll(target: string, contents: ReadonlyMap<string, string | Uint8Array>): void {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}`);
  try {
    for (const [path, text] of contents) {
      mkdirSync(dirname(join(temporary, path)), { recursive: true });
      writeFileSync(join(temporary, path), text);
    }
    if (existsSync(target)) rmdirSync(target);
    renameSync(temporary, target);
  } catch (cause) {
    throw new InputError(`cannot write ${target}: ${reasonOf(cause)}`, { cause });
  } finally {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * What the project depends on: the version that the teacher names, or a tarball that goes into its `vendor`. With a
 * tarball, the project can be installed on every machine.
 */
function dependencyOf(library: string): { dependency: string; tarball?: string } {
  if (!existsSync(library)) {
    if (/^[\^~]?\d/.test(library) || /^[a-z]+:/.test(library)) return { dependency: library };
    throw new InputError(`--library ${library}: expected a version, or an existing file or folder`);
  }
  const tarball = statSync(library).isDirectory() ? packed(library) : resolve(library);
  return { dependency: `file:${VENDOR}/${basename(tarball)}`, tarball };
}

/** Packs the folder of a library as it would be published, into a temporary folder. */
function packed(library: string): string {
  const folder = scratchFolder('handgrad-vendor-');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['pack', resolve(library), '--pack-destination', folder, '--ignore-scripts', '--silent'];
  const { status, stderr } = spawnSync(npm, args, { encoding: 'utf8', shell: process.platform === 'win32' });
  const [name] = readdirSync(folder);
  if (status !== 0 || name === undefined)
    throw new InputError(`npm cannot pack ${library} for the project: ${stderr?.trim() || 'npm was not found'}`);
  return join(folder, name);
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

/** For editors. The grader uses its own compiler. */
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
