import type { ClassDeclaration, FunctionDeclaration, MethodDeclaration, Node, SourceFile } from 'ts-morph';
import type { TaskFile } from '../task.js';

/** Removes from a source file what the student has to write. It works on the syntax tree, not on the text. */

type Body = MethodDeclaration | FunctionDeclaration;

/**
 * Replaces the body of every task with a throw, and adds the task's statement to its comment. Also removes what would
 * reveal the answer, and what is no longer used.
 *
 * @throws Error when the file has no such function, because task-files.ts does not match the library
 */
export function stubBodies(source: SourceFile, file: TaskFile): void {
  for (const name of file.without ?? []) removeEverywhere(source, name);
  for (const { id, title, points, statement } of file.tasks) {
    dropComments(source, title);
    const body = bodyOf(source, title);
    const text = `Task ${id}, ${points} points. ${statement}`;
    body.setBodyText(`throw new NotImplementedError('${title}');`);
    const [doc] = body.getJsDocs();
    if (doc) doc.setDescription(`\n${[doc.getDescription().trim(), wrapped(text)].filter(Boolean).join('\n\n')}\n`);
    else body.addJsDoc({ description: `\n${wrapped(text)}` });
  }
  for (const described of [...source.getClasses(), ...source.getFunctions()]) dropDerivation(described);
  dropUnused(source);
}

function bodyOf(source: SourceFile, title: string): Body {
  const [owner, method] = title.split('.');
  const found = method ? source.getClass(owner)?.getMethod(method) : source.getFunction(owner);
  if (!found) throw new Error(`assignment: ${source.getBaseName()} has no ${title}`);
  return found;
}

/** The comments above a method explain how to implement it. */
function dropComments(source: SourceFile, title: string): void {
  const notes = bodyOf(source, title)
    .getLeadingCommentRanges()
    .filter((comment) => comment.getText().startsWith('//'))
    .map((comment) => [comment.getPos(), comment.getEnd()]);
  for (const [start, end] of notes.reverse()) source.removeText(start, end);
}

function removeEverywhere(source: SourceFile, name: string): void {
  for (const owner of source.getClasses()) owner.getMethod(name)?.remove();
  source.getFunction(name)?.remove();
}

/**
 * A doc comment keeps its introduction and the forward equation. The derivation of backward, which follows, is
 * removed.
 */
function dropDerivation(described: ClassDeclaration | FunctionDeclaration): void {
  for (const doc of described.getJsDocs()) {
    const paragraphs = doc
      .getDescription()
      .trim()
      .split(/\n\s*\n/);
    const end = paragraphs.findIndex((paragraph) => paragraph.trim().startsWith('**Backward'));
    if (end < 0) continue;
    doc.setDescription(`\n${paragraphs.slice(0, end).join('\n\n')}`);
  }
}

/** Removes unused private members, local declarations and imports until none is left. */
function dropUnused(source: SourceFile): void {
  for (;;) {
    const unused = [...unusedMembers(source), ...unusedDeclarations(source)];
    if (unused.length === 0) break;
    for (const node of unused) node.remove();
  }
  const named = countNames(source);
  for (const declaration of source.getImportDeclarations()) {
    for (const specifier of declaration.getNamedImports()) {
      if ((named.get(specifier.getName()) ?? 0) <= 1) specifier.remove();
    }
    if (declaration.getNamedImports().length === 0) declaration.remove();
  }
}

function unusedMembers(source: SourceFile): { remove(): void }[] {
  const used = new Set<string>();
  source.forEachDescendant((node) => {
    const kind = node.getKindName();
    if (kind === 'PropertyAccessExpression') used.add(node.getLastChildOrThrow().getText());
    if (kind === 'BindingElement') used.add(node.getFirstChildOrThrow().getText());
  });
  return source.getClasses().flatMap((owner) =>
    [...owner.getProperties(), ...owner.getMethods()].filter((member) => {
      return member.hasModifier('private') && !used.has(member.getName());
    }),
  );
}

function unusedDeclarations(source: SourceFile): { remove(): void }[] {
  const named = countNames(source);
  const once = (name: string | undefined) => name !== undefined && (named.get(name) ?? 0) <= 1;
  const declarations = [...source.getFunctions(), ...source.getInterfaces(), ...source.getTypeAliases()];
  const variables = source.getVariableDeclarations().filter((it) => !it.getVariableStatement()?.isExported());
  return [
    ...declarations.filter((it) => !it.isExported() && once(it.getName())),
    ...variables.filter((it) => once(it.getName())),
  ];
}

function countNames(source: SourceFile): Map<string, number> {
  const counts = new Map<string, number>();
  source.forEachDescendant((node: Node) => {
    if (node.getKindName() !== 'Identifier') return;
    counts.set(node.getText(), (counts.get(node.getText()) ?? 0) + 1);
  });
  return counts;
}

/** The text in lines of at most 110 characters. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line.length + word.length + 1 > 110) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
