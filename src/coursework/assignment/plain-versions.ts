import { type ImportDeclaration, type SourceFile, SyntaxKind } from 'ts-morph';
import type { PlainVersions } from '../task.js';

/**
 * Puts plain versions of functions of `array/` at the end of a solution, and calls them in place of those functions.
 *
 * @param source a file of the library
 * @param plain the file of the plain versions
 */
export function addPlainVersions(source: SourceFile, plain: SourceFile, { names }: PlainVersions): void {
  for (const identifier of source.getDescendantsOfKind(SyntaxKind.Identifier).reverse()) {
    const name = identifier.getText();
    if (Object.hasOwn(names, name) && !identifier.getFirstAncestorByKind(SyntaxKind.ImportDeclaration)) {
      identifier.replaceWithText(names[name]);
    }
  }
  const own = arraysImport(source);
  for (const specifier of own.getNamedImports()) if (Object.hasOwn(names, specifier.getName())) specifier.remove();
  const imported = own.getNamedImports().map((specifier) => specifier.getName());
  for (const specifier of arraysImport(plain).getNamedImports()) {
    if (!imported.includes(specifier.getName())) own.addNamedImport(specifier.getStructure());
  }
  const functions = plain.getFunctions().map((it) => it.setIsExported(false).getFullText().trim());
  source.addStatements(`\n${functions.join('\n\n')}`);
}

/** The import from `array/`. */
function arraysImport(source: SourceFile): ImportDeclaration {
  return source.getImportDeclarationOrThrow((it) => it.getModuleSpecifierValue().endsWith('array/index.js'));
}
