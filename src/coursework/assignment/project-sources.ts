import { readFileSync } from 'node:fs';
import { IndentationText, Project, QuoteKind } from 'ts-morph';
import type { TaskFile } from '../task.js';
import { addPlainVersions } from './plain-versions.js';
import { redirectImports } from './project-imports.js';
import { stubBodies } from './stubs.js';

/**
 * The sources of a project by file name, as stubs or as the solution. This module loads a compiler, so import it
 * lazily.
 */
export function sourcesOf(files: readonly TaskFile[], solution: boolean): Map<string, string> {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });
  return new Map(
    files.map((file) => {
      const source = project.createSourceFile(`${file.id}.ts`, textOf(file.source));
      if (!solution) stubBodies(source, file);
      else if (file.plain) {
        addPlainVersions(
          source,
          project.createSourceFile(`plain/${file.id}.ts`, textOf(file.plain.source)),
          file.plain,
        );
      }
      redirectImports(source, file, files, solution ? [] : ['NotImplementedError']);
      return [`${file.id}.ts`, tidy(source.getFullText())];
    }),
  );
}

/** The text of a file of the library by its path in `src`. */
function textOf(path: string): string {
  return readFileSync(new URL(`../../../src/${path}`, import.meta.url), 'utf8');
}

/** Breaks imports that are longer than a line, and removes repeated blank lines. */
function tidy(text: string): string {
  const closed = text.replace(/\n(?:[ \t]*\n){2,}/g, '\n\n');
  return closed.replace(/^import \{ (.*) \} from (.*);$/gm, (line, names: string, from: string) =>
    line.length <= 120
      ? line
      : `import {\n${names
          .split(', ')
          .map((name) => `  ${name},\n`)
          .join('')}} from ${from};`,
  );
}
