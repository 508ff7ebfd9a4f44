import { posix } from 'node:path';
import { ts } from 'ts-morph';

/**
 * Compiles a submission's TypeScript to JavaScript. It has a process of its own, because a malicious file can keep a
 * compiler busy forever. Nothing of the submission runs here.
 */

/** A request from the parent. */
export interface CompileRequest {
  id: number;
  files: [path: string, text: string][];
}

/** A compiled file, or the reason why it did not compile. */
export interface CompiledFile {
  path: string;
  /** JavaScript. Absent if there is an error. */
  code?: string;
  error?: string;
  /** The names that it imports from `handgrad`, or `*` for all. */
  imported: string[];
  /** The lines of its functions and methods, by names such as `Linear.forward`. */
  lines: Record<string, number>;
}

const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, inlineSourceMap: true };

function compile(path: string, text: string): CompiledFile {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const imported: string[] = [];
  const lines: Record<string, number> = {};
  const refused = survey(source, path, imported, lines);
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    compilerOptions: OPTIONS,
    fileName: path,
    reportDiagnostics: true,
  });
  const [first] = diagnostics.filter(({ category }) => category === ts.DiagnosticCategory.Error);
  const error = first
    ? `${place(source, path, first.start ?? 0)}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`
    : refused;
  return error === undefined ? { path, code: outputText, imported, lines } : { path, error, imported, lines };
}

/** Finds the lines of functions, and forbidden imports: a submission may import only `handgrad` and its own files. */
function survey(
  source: ts.SourceFile,
  path: string,
  imported: string[],
  lines: Record<string, number>,
): string | undefined {
  let refused: string | undefined;
  const visit = (node: ts.Node): void => {
    const problem = problemOf(node, path, imported);
    if (problem) refused ??= `${place(source, path, node.getStart())}: ${problem}`;
    const name = titleOf(node);
    if (name) lines[name] = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return refused;
}

/** The name of a function, or of a method with that of its class. */
function titleOf(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node)) return node.name?.text;
  const isMethod = ts.isMethodDeclaration(node) && ts.isClassDeclaration(node.parent) && ts.isIdentifier(node.name);
  return isMethod ? `${node.parent.name?.text}.${node.name.text}` : undefined;
}

function problemOf(node: ts.Node, path: string, imported: string[]): string | undefined {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return 'import() is not allowed in a submission';
  }
  if (ts.isImportEqualsDeclaration(node)) return 'import = is not allowed in a submission';
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return undefined;
  if (!node.moduleSpecifier || !ts.isStringLiteral(node.moduleSpecifier)) return undefined;
  const from = node.moduleSpecifier.text;
  if (from === 'handgrad' || from === 'handgrad/validation') {
    imported.push(...namesOf(node));
    return undefined;
  }
  const inside = /^\.\.?\//.test(from) && !posix.join(posix.dirname(path), from).startsWith('..');
  return inside ? undefined : `a submission may import only from 'handgrad' and its own files, not from '${from}'`;
}

function namesOf(node: ts.ImportDeclaration | ts.ExportDeclaration): string[] {
  if (ts.isImportDeclaration(node) ? node.importClause?.isTypeOnly : node.isTypeOnly) return [];
  const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return ['*'];
  return [...bindings.elements].filter((it) => !it.isTypeOnly).map((it) => (it.propertyName ?? it.name).text);
}

function place(source: ts.SourceFile, path: string, position: number): string {
  const { line, character } = source.getLineAndCharacterOfPosition(position);
  return `src/${path}:${line + 1}:${character + 1}`;
}

function compiled(path: string, text: string): CompiledFile {
  try {
    return compile(path, text);
  } catch (error) {
    return { path, error: `src/${path}: the compiler failed: ${String(error).slice(0, 200)}`, imported: [], lines: {} };
  }
}

process.on('message', ({ id, files }: CompileRequest) => {
  process.send?.({ id, files: files.map(([path, text]) => compiled(path, text)) });
});
