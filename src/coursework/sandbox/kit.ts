import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { LIBRARY } from '../library.js';

/**
 * The kit: the part of this library that a submission gets. It has arrays on the reference engine, the base of layers,
 * losses, optimizers, and the layers that are not tasks. The solutions are not on the disk that a submission sees.
 */

/** The packages on which arrays are built. */
const PACKAGES = ['ndarray', 'ndarray-ops', 'ndarray-gemm', 'seedrandom', 'fflate'];
/** The folders of `lib` in the kit, except the tasks in them. */
const FOLDERS = ['array', 'layers', 'losses', 'optim', 'models'];
/** The index of `array/`. In a kit it lacks the functions of withheld files. */
const ARRAYS = 'array/index.js';
/** The single files of `lib` in the kit. */
const FILES = [
  ...['engine', 'longest-row', 'no-copy', 'reference'].map((name) => `kernels/${name}.js`),
  ...['harness', 'requests', 'wire-arrays'].map((name) => `coursework/sandbox/${name}.js`),
];

/**
 * Writes a kit into a folder, so that files below that folder can import `handgrad`.
 *
 * @param withheld the sources of tasks, and of files that would reveal them
 * @returns the paths of the harness and of the library's index
 */
export function writeKit(folder: string, withheld: readonly string[]): { harness: string; index: string } {
  const home = join(folder, 'node_modules', 'handgrad');
  const lib = join(home, 'lib');
  const left = withDependents(withheld.map((source) => source.replace(/\.ts$/, '.js')));
  for (const file of [...FOLDERS.flatMap(filesIn).filter((path) => !left.has(path)), ...FILES]) {
    cpSync(join(LIBRARY, 'lib', file), join(lib, file));
  }
  cpSync(join(LIBRARY, 'lib/kernels/no-backend.js'), join(lib, 'kernels/backend.js'));
  writeFileSync(join(lib, ARRAYS), linesWithout(ARRAYS, left));
  // Projects made by version 0.1.0 import the checks from `handgrad` itself.
  writeFileSync(join(lib, 'index.js'), `${exportsWithout('index.js', left)}export * from './validation.js';\n`);
  writeFileSync(join(lib, 'validation.js'), exportsWithout('validation.js', left));
  const exports = { '.': './lib/index.js', './validation': './lib/validation.js' };
  const imports = { '#copy': './lib/kernels/no-copy.js', '#inspection': './lib/array/no-inspection.js' };
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name: 'handgrad', type: 'module', exports, imports }));
  makeReadable(folder);
  return { harness: join(lib, 'coursework/sandbox/harness.js'), index: join(lib, 'index.js') };
}

/** The compiled files in a folder of `lib`, by their paths in `lib`. */
function filesIn(folder: string): string[] {
  const names = readdirSync(join(LIBRARY, 'lib', folder)).filter((name) => name.endsWith('.js'));
  return names.map((name) => `${folder}/${name}`);
}

/** The functions of `array/` that withheld files declare. */
export function withheldFunctions(withheld: readonly string[]): string[] {
  const files = withheld.map((source) => source.replace(/\.ts$/, '.js'));
  return [...declaringFiles()].flatMap(([name, file]) => (files.includes(file) ? [name] : []));
}

/** The file of `array/` that declares each name of its index. */
function declaringFiles(): Map<string, string> {
  return new Map(exportsOf(ARRAYS).flatMap(([file, names]) => names.map((name) => [name, file])));
}

/** The withheld files and all files that import from them, such as the models. The index of `array/` stays: the kit
 * leaves the withheld files out of it. */
function withDependents(sources: readonly string[]): Set<string> {
  const left = new Set(sources);
  const declaring = declaringFiles();
  const files = FOLDERS.flatMap(filesIn).filter((file) => file !== ARRAYS);
  const imports = files.flatMap((file) =>
    exportsOf(file).flatMap(([from, names]) =>
      (from === ARRAYS ? names.map((name) => declaring.get(name) ?? from) : [from]).map((imported) => [file, imported]),
    ),
  );
  for (let before = -1; before < left.size; ) {
    before = left.size;
    for (const [file, imported] of imports) if (left.has(imported)) left.add(file);
  }
  return left;
}

/** The files from which a file imports or exports, with the names. */
function exportsOf(file: string): [from: string, names: string[]][] {
  return readFileSync(join(LIBRARY, 'lib', file), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const found = FROM.exec(line);
      return found ? [[posix.join(posix.dirname(file), found[2]), namesIn(found[1])]] : [];
    });
}

/** `import { a, b } from './file.js';` or `export { a, b } from './file.js';`, as the compiler writes it. */
const FROM = /^(?:import|export) (.*) from '(\..*)';$/;

function namesIn(clause: string): string[] {
  return (/\{(.*)\}/.exec(clause)?.[1] ?? '').split(',').flatMap((name) => name.trim() || []);
}

/** Lets every user read a folder and its content, no matter which umask is set. */
export function makeReadable(path: string): void {
  chmodSync(path, 0o755);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) makeReadable(join(path, entry.name));
    else chmodSync(join(path, entry.name), 0o644);
  }
}

/** An entry point of the library with the exports of the kit's files only, without functions that return gradients. */
function exportsWithout(entry: string, left: ReadonlySet<string>): string {
  const declaring = declaringFiles();
  const lines = readFileSync(join(LIBRARY, 'lib', entry), 'utf8').split('\n');
  const kept = lines.flatMap((line) => {
    const [, clause, path] = FROM.exec(line) ?? [];
    if (path === undefined) return [];
    const from = posix.join(posix.dirname(entry), path);
    const isKept = (name: string) => !left.has(declaring.get(name) ?? from) && !/Gradient$/.test(name);
    const names = FOLDERS.includes(from.split('/')[0]) ? namesIn(clause).filter(isKept) : [];
    return names.length > 0 ? [`export { ${names.join(', ')} } from '${path}';`] : [];
  });
  return `${kept.join('\n')}\n`;
}

/** The lines of a file that do not import or export from withheld files. */
function linesWithout(file: string, left: ReadonlySet<string>): string {
  const lines = readFileSync(join(LIBRARY, 'lib', file), 'utf8').split('\n');
  return lines.filter((line) => !left.has(posix.join(posix.dirname(file), FROM.exec(line)?.[2] ?? ''))).join('\n');
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
