import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { LIBRARY } from '../library.js';

/**
 * What a submission gets of this library: arrays, the base of layers, losses and optimisers, and the layers that are not asked
 * of it. The answers are not on the disk it sees.
 */

/** What arrays are built on. */
const PACKAGES = ['ndarray', 'ndarray-ops', 'ndarray-gemm', 'seedrandom', 'fflate'];
/** Folders of `lib` that are no answers, but for the tasks among them. */
const FOLDERS = ['array', 'kernels', 'layers', 'losses', 'optim', 'models'];
const HARNESS = ['harness.js', 'wire-arrays.js'];

/**
 * Writes the kit into a folder, so that files below that folder can import `handgrad`.
 *
 * @param withheld the sources that are asked for, or would tell, and may not be had
 * @returns where the harness and the library's index lie
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
  writeFileSync(join(home, 'lib', 'index.js'), indexWithout(hidden));
  writeFileSync(join(home, 'package.json'), packageJson());
  makeReadable(folder);
  return { harness: join(home, 'lib/coursework/sandbox/harness.js'), index: join(home, 'lib/index.js') };
}

/** The hidden files, and whatever is made of them, such as the models. */
function withDependents(sources: readonly string[]): Set<string> {
  const hidden = new Set(sources);
  const imports = FOLDERS.flatMap((folder) => importsIn(folder));
  for (let before = -1; before < hidden.size; ) {
    before = hidden.size;
    for (const [file, imported] of imports) if (hidden.has(imported)) hidden.add(file);
  }
  return hidden;
}

/** Who imports whom, among the files of a folder of `lib`. */
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

/** Lets every user read a folder and what is in it, whatever the umask is and the library's own files are. */
export function makeReadable(path: string): void {
  chmodSync(path, 0o755);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) makeReadable(join(path, entry.name));
    else chmodSync(join(path, entry.name), 0o644);
  }
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

/** The package as far as it runs where there is little of Node: with what stands in for the parts that need it. */
function packageJson(): string {
  const { version, imports } = JSON.parse(readFileSync(join(LIBRARY, 'package.json'), 'utf8'));
  const standIns = Object.fromEntries(Object.keys(imports).map((name) => [name, imports[name].default]));
  return JSON.stringify({ name: 'handgrad', version, type: 'module', exports: './lib/index.js', imports: standIns });
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
  makeReadable(join(folder, 'node_modules'));
}

/** A package's folder, as Node would find it. */
function findPackage(name: string, from: string): string {
  const candidate = join(from, 'node_modules', name);
  if (existsSync(candidate)) return candidate;
  if (dirname(from) === from) throw new Error(`the package ${name} is not installed`);
  return findPackage(name, dirname(from));
}
