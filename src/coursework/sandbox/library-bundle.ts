import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { LIBRARY } from '../library.js';

/**
 * The part of this library that a submission gets: arrays, the base of layers, losses and optimizers, and the layers
 * that are not tasks. The solutions are not on the disk that it sees.
 */

/** The packages on which arrays are built. */
const PACKAGES = ['ndarray', 'ndarray-ops', 'ndarray-gemm', 'seedrandom', 'fflate'];
/** The folders of `lib` that a submission gets, except the tasks in them. */
const FOLDERS = ['array', 'kernels', 'layers', 'losses', 'optim', 'models'];
const HARNESS = ['harness.js', 'wire-arrays.js'];

/**
 * Writes the bundle into a folder, so that files below that folder can import `handgrad`.
 *
 * @param withheld the sources of tasks, and of files that would reveal them
 * @returns the paths of the harness and of the library's index
 */
export function writeLibraryBundle(folder: string, withheld: readonly string[]): { harness: string; index: string } {
  const home = join(folder, 'node_modules', 'handgrad');
  const hidden = withDependents(withheld.map((source) => source.replace(/\.ts$/, '.js')));
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
  // Projects made by version 0.1.0 import the checks from `handgrad` itself.
  const index = `${withoutHidden('index.js', hidden)}export * from './validation.js';\n`;
  writeFileSync(join(home, 'lib', 'index.js'), index);
  writeFileSync(join(home, 'lib', 'validation.js'), withoutHidden('validation.js', hidden));
  writeFileSync(join(home, 'package.json'), packageJson());
  makeReadable(folder);
  return { harness: join(home, 'lib/coursework/sandbox/harness.js'), index: join(home, 'lib/index.js') };
}

/** The withheld files and all files that import them, such as the models. */
function withDependents(sources: readonly string[]): Set<string> {
  const hidden = new Set(sources);
  const imports = FOLDERS.flatMap((folder) => importsIn(folder));
  for (let before = -1; before < hidden.size; ) {
    before = hidden.size;
    for (const [file, imported] of imports) if (hidden.has(imported)) hidden.add(file);
  }
  return hidden;
}

/** The imports of the files in a folder of `lib`. */
function importsIn(folder: string): [file: string, imported: string][] {
  const names = readdirSync(join(LIBRARY, 'lib', folder)).filter((name) => name.endsWith('.js'));
  return names.flatMap((name) => {
    const text = readFileSync(join(LIBRARY, 'lib', folder, name), 'utf8');
    return [...text.matchAll(/^(?:import|export) .*from '(\..*)';$/gm)].map(([, path]): [string, string] => [
      `${folder}/${name}`,
      posix.join(folder, path),
    ]);
  });
}

/** Lets every user read a folder and its content, no matter which umask is set. */
export function makeReadable(path: string): void {
  chmodSync(path, 0o755);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) makeReadable(join(path, entry.name));
    else chmodSync(join(path, entry.name), 0o644);
  }
}

/** An entry point of the library without the withheld files. */
function withoutHidden(entry: string, hidden: ReadonlySet<string>): string {
  const lines = readFileSync(join(LIBRARY, 'lib', entry), 'utf8').split('\n');
  const kept = lines.filter((line) => {
    const from = /from '\.\/(.*)';/.exec(line)?.[1];
    return from !== undefined && FOLDERS.includes(from.split('/')[0]) && !hidden.has(from);
  });
  return `${kept.join('\n')}\n`;
}

/** The package.json of the bundle. Its imports are those for platforms without Node. */
function packageJson(): string {
  const { version, imports } = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8'));
  const imported = Object.fromEntries(Object.keys(imports).map((name) => [name, imports[name].default]));
  const exports = { '.': './lib/index.js', './validation': './lib/validation.js' };
  return JSON.stringify({ name: 'handgrad', version, type: 'module', exports, imports: imported });
}

/** Copies the packages on which arrays are built, and their dependencies, into a folder's `node_modules`. */
export function writePackages(folder: string): void {
  const done = new Set<string>();
  const add = (name: string, from: string) => {
    const source = findPackage(name, from);
    if (done.has(name)) return;
    done.add(name);
    cpSync(source, join(folder, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (path) => isNeeded(relative(source, path)),
    });
    const { dependencies = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) if (!dependency.startsWith('@types/')) add(dependency, source);
  };
  for (const name of PACKAGES) add(name, LIBRARY);
  makeReadable(join(folder, 'node_modules'));
}

/** Whether a path in a package is a folder, code or JSON, outside the packages inside it. */
function isNeeded(path: string): boolean {
  return !path.split(/[/\\]/).includes('node_modules') && /(^|[/\\])[^.]*$|\.([cm]?js|json)$/.test(path);
}

/** A package's folder, as Node would find it. */
function findPackage(name: string, from: string): string {
  const candidate = join(from, 'node_modules', name);
  if (existsSync(candidate)) return candidate;
  if (dirname(from) === from) throw new Error(`the package ${name} is not installed`);
  return findPackage(name, dirname(from));
}
