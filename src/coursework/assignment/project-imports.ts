import { posix } from 'node:path';
import type { SourceFile } from 'ts-morph';
import * as validation from '../../validation.js';
import type { TaskFile } from '../task.js';

const NODE_HALF = /^(data|training|plots)\//;

/**
 * Changes the imports of a library file for a student's project: files of the project are imported from the same
 * folder, everything else from `handgrad`, `handgrad/validation` or `handgrad/node`.
 *
 * @param peers the files of the project
 * @param extra more names to import from `handgrad`
 */
export function redirectImports(source: SourceFile, file: TaskFile, peers: readonly TaskFile[], extra: string[]): void {
  const imports = new Map<string, Set<string>>();
  const add = (from: string, name: string) => imports.set(from, (imports.get(from) ?? new Set()).add(name));
  for (const declaration of source.getImportDeclarations()) {
    const path = posix.join(posix.dirname(file.source), declaration.getModuleSpecifierValue());
    const from = specifierOf(path, peers);
    for (const specifier of declaration.getNamedImports()) {
      const isType = declaration.isTypeOnly() || specifier.isTypeOnly();
      const name = specifier.getName();
      add(from === 'handgrad' && name in validation ? 'handgrad/validation' : from, `${isType ? 'type ' : ''}${name}`);
    }
    declaration.remove();
  }
  for (const name of extra) add('handgrad', name);
  const declarations = [...imports].map(([moduleSpecifier, names]) => ({
    moduleSpecifier,
    namedImports: [...names].sort((a, b) => (plain(a).toLowerCase() < plain(b).toLowerCase() ? -1 : 1)),
  }));
  declarations.sort((a, b) => Number(a.moduleSpecifier.startsWith('.')) - Number(b.moduleSpecifier.startsWith('.')));
  source.insertImportDeclarations(0, declarations);
}

function specifierOf(path: string, peers: readonly TaskFile[]): string {
  const peer = peers.find(({ source }) => source === path.replace(/\.js$/, '.ts'));
  if (peer) return `./${peer.id}.js`;
  return NODE_HALF.test(path) ? 'handgrad/node' : 'handgrad';
}

function plain(name: string): string {
  return name.replace(/^type /, '');
}
