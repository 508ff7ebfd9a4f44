import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { LIBRARY } from '../library.js';
import type { TaskFile } from '../task.js';

/**
 * What a submission gets of this library: arrays, the base of layers, losses and optimisers, and the layers that are not asked
 * of it. The answers are not on the disk it sees.
 */

/** What arrays are built on. */
const PACKAGES = ['ndarray', 'ndarray-ops', 'ndarray-gemm', 'seedrandom', 'fflate'];
/** Folders of `lib` that are no answers, but for the tasks among them. */
const FOLDERS = ['array', 'kernels', 'layers', 'losses', 'optim', 'models'];
const HARNESS = ['child.js', 'wire-arrays.js'];

/**
 * Writes the kit into a folder, so that files below that folder can import `handgrad`.
 *
 * @param withheld the files that are asked for, and may not be had
 * @returns where the harness and the library's index lie
 */
export function writeKit(folder: string, withheld: readonly TaskFile[]): { harness: string; index: string } {
  const home = join(folder, 'node_modules', 'handgrad');
  const hidden = withNeedy(withheld.map(({ source }) => source.replace(/\.ts$/, '.js')));
  for (const part of FOLDERS) {
    cpSync(join(LIBRARY, 'lib', part), join(home, 'lib', part), {
      recursive: true,
      filter: (path) =>
        /\.js$|[/\\][^.]*$/.test(path) && !hidden.has(relative(join(LIBRARY, 'lib'), path).replaceAll('\\', '/')),
    });
  }
  mkdirSync(join(home, 'lib', 'coursework', 'sandbox'), { recursive: true });
  for (const file of HARNESS) {
    cpSync(join(LIBRARY, 'lib/coursework/sandbox', file), join(home, 'lib/coursework/sandbox', file));
  }
  writeFileSync(join(home, 'lib', 'index.js'), indexWithout(hidden));
  writeFileSync(join(home, 'package.json'), packageJson());
  return { harness: join(home, 'lib/coursework/sandbox/child.js'), index: join(home, 'lib/index.js') };
}

/** The hidden files, and the models that are made of them. */
function withNeedy(sources: readonly string[]): Set<string> {
  return new Set(sources.some((source) => !source.startsWith('training/')) ? [...sources, 'models/mlp.js'] : sources);
}

/** The library's index without what is hidden, and without what needs it. */
function indexWithout(hidden: ReadonlySet<string>): string {
  const lines = readFileSync(join(LIBRARY, 'lib/index.js'), 'utf8').split('\n');
  const kept = lines.filter((line) => {
    const from = /from '\.\/(.*)';/.exec(line)?.[1];
    return from !== undefined && FOLDERS.includes(from.split('/')[0]) && !hidden.has(from);
  });
  return `${kept.join('\n')}\n`;
}

function packageJson(): string {
  const { version } = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8'));
  const imports = Object.fromEntries(
    ['blas', 'relaxed-simd', 'threads'].map((name) => [`#${name}`, `./lib/kernels/no-${name}.js`]),
  );
  return JSON.stringify({ name: 'handgrad', version, type: 'module', exports: './lib/index.js', imports });
}

/** Copies the packages that arrays are built on, with theirs, into a folder's `node_modules`. */
export function writePackages(folder: string): void {
  const done = new Set<string>();
  const add = (name: string, from: string) => {
    const source = findPackage(name, from);
    if (done.has(name)) return;
    done.add(name);
    cpSync(source, join(folder, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (path) => !relative(source, path).split(/[/\\]/).includes('node_modules'),
    });
    const { dependencies = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) if (!dependency.startsWith('@types/')) add(dependency, source);
  };
  for (const name of PACKAGES) add(name, LIBRARY);
}

/** A package's folder, as Node would find it. */
function findPackage(name: string, from: string): string {
  const candidate = join(from, 'node_modules', name);
  if (existsSync(candidate)) return candidate;
  if (dirname(from) === from) throw new Error(`the package ${name} is not installed`);
  return findPackage(name, dirname(from));
}
