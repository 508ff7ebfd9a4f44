import ts from 'typescript';

/** A piece of a source file and its comment. */
export interface Row {
  /** The text of the comment, in Markdown. Empty if there is no comment. */
  prose: string;
  /** The code, without the comment. */
  code: string;
  /** The number of the first line of the code in the file. */
  line: number;
  /** The name that is declared, for an anchor. */
  name: string;
  kind: 'imports' | 'head' | 'member' | 'other';
}

/** Cuts a source file into rows: one per statement, and one per method of a class. */
export function cut(source: string, path: string): Row[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const rows: Row[] = [];
  const imports: ts.Node[] = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) imports.push(statement);
    else if (ts.isClassDeclaration(statement)) rows.push(...classRows(statement, file));
    else if (ts.isInterfaceDeclaration(statement) && explains(statement, file))
      rows.push(...interfaceRows(statement, file));
    else rows.push(rowOf(statement, file, 'other', nameOf(statement)));
  }
  const merged = joined(rows);
  if (imports.length === 0) return merged;
  const [first, last] = [imports[0], imports[imports.length - 1]];
  const code = source.slice(first.getStart(file), last.getEnd());
  const { prose } = leading(first, file);
  return [{ prose, code, line: lineOf(first.getStart(file), file), name: '', kind: 'imports' }, ...merged];
}

/** Adds statements without a comment to the previous row, such as a list of constants. */
function joined(rows: readonly Row[]): Row[] {
  const out: Row[] = [];
  for (const row of rows) {
    const before = out.at(-1);
    if (
      before &&
      row.kind === 'other' &&
      before.kind === 'other' &&
      row.prose === '' &&
      /^(const|export)\b/.test(row.code) &&
      !row.code.includes('\n')
    ) {
      const blank = row.line - (before.line + before.code.split('\n').length);
      before.code += `\n${'\n'.repeat(Math.max(0, blank))}${row.code}`;
    } else out.push({ ...row });
  }
  return out;
}

function classRows(node: ts.ClassDeclaration, file: ts.SourceFile): Row[] {
  const methods = node.members.filter((member) => !ts.isPropertyDeclaration(member));
  const fields = node.members.filter(ts.isPropertyDeclaration);
  const lastField = fields.filter((field) => !methods.some((method) => method.pos < field.pos)).at(-1);
  const { prose, start } = leading(node, file);
  const open = node.members.pos; // just behind the brace
  const end = lastField ? lastField.getEnd() : open;
  const head: Row = { prose, ...codeOf(start, end, file), name: node.name?.text ?? '', kind: 'head' };
  const rows = [head, ...methods.map((member) => rowOf(member, file, 'member', memberName(member)))];
  rows[rows.length - 1].code += '\n}';
  return rows;
}

function interfaceRows(node: ts.InterfaceDeclaration, file: ts.SourceFile): Row[] {
  const { prose, start } = leading(node, file);
  const head: Row = { prose, ...codeOf(start, node.members.pos, file), name: node.name.text, kind: 'head' };
  const rows = [head, ...node.members.map((member) => rowOf(member, file, 'member', memberName(member)))];
  rows[rows.length - 1].code += '\n}';
  return rows;
}

/** Whether the comments of an interface's members are long enough for one row per member. */
function explains(node: ts.InterfaceDeclaration, file: ts.SourceFile): boolean {
  const comments = node.members.map((member) => leading(member, file).prose.length);
  return node.members.some(ts.isMethodSignature) && comments.reduce((total, length) => total + length, 0) > 100;
}

function rowOf(node: ts.Node, file: ts.SourceFile, kind: Row['kind'], name: string): Row {
  const { prose, start } = leading(node, file);
  const end = node.getEnd();
  const rest = /^[^\S\n]*\/\/[^\n]*/.exec(file.text.slice(end));
  return { prose, ...codeOf(start, end + (rest?.[0].length ?? 0), file), name, kind };
}

/** The code from the start of its first line, so that it keeps its indentation. */
function codeOf(start: number, end: number, file: ts.SourceFile): { code: string; line: number } {
  const lineStart = file.text.lastIndexOf('\n', start - 1) + 1;
  return { code: file.text.slice(lineStart, end), line: lineOf(start, file) };
}

function lineOf(position: number, file: ts.SourceFile): number {
  return file.getLineAndCharacterOfPosition(position).line + 1;
}

/** The comments before a node, as one text, and the position of the code. */
function leading(node: ts.Node, file: ts.SourceFile): { prose: string; start: number } {
  const ranges = ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [];
  const texts = ranges.filter(
    ({ pos }) => lineOf(pos, file) > lineOf(node.getFullStart(), file) || node.getFullStart() === 0,
  );
  return {
    prose: texts
      .map(({ pos, end }) => cleaned(file.text.slice(pos, end)))
      .join('\n\n')
      .replace(/\n\n(?=[a-z])/g, '\n'),
    start: node.getStart(file),
  };
}

/** The text of a comment, without stars and slashes. */
function cleaned(comment: string): string {
  if (comment.startsWith('//')) return comment.replace(/^\/\/ ?/, '');
  return comment
    .replace(/^\/\*\*?/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim();
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0].name.getText();
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  )
    return statement.name?.text ?? '';
  return '';
}

function memberName(member: ts.ClassElement | ts.TypeElement): string {
  return ts.isConstructorDeclaration(member) ? 'constructor' : (member.name?.getText() ?? '');
}
