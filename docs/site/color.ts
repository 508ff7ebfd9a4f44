import ts from 'typescript';
import { escapeHtml } from './html.js';

/**
 * TypeScript as HTML, each token in its color: `k` keyword, `s` string, `n` number, `c` comment, `t` type or class,
 * `f` function, `v` any other name; `whole` a short comment, such as an array's shape, which is not broken into two
 * lines.
 *
 * @returns one piece of HTML per line; no element crosses the end of a line
 */
export function coloredLines(code: string): string[] {
  const file = ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest, true);
  const parts: string[] = [];
  let position = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(file);
    if (children.length > 0 && !isTemplatePart(node)) {
      for (const child of children) visit(child);
      return;
    }
    const [start, end] = [node.getStart(file), node.getEnd()];
    if (end <= start) return;
    parts.push(trivia(code.slice(position, start)), wrapped(code.slice(start, end), kindOf(node)));
    position = end;
  };
  visit(file);
  parts.push(trivia(code.slice(position)));
  return parts.join('').split('\n');
}

function isTemplatePart(node: ts.Node): boolean {
  return ts.isNoSubstitutionTemplateLiteral(node);
}

/** The text between two tokens: spaces and comments. */
function trivia(text: string): string {
  return text
    .split(/(\/\*[\s\S]*?\*\/|\/\/[^\n]*)/)
    .map((part, i) => (i % 2 === 1 ? wrapped(part, part.length <= 30 ? 'c whole' : 'c') : escapeHtml(part)))
    .join('');
}

function wrapped(text: string, kind: string): string {
  if (kind === '') return escapeHtml(text);
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? line : `<span class="${kind}">${escapeHtml(line)}</span>`))
    .join('\n');
}

function kindOf(node: ts.Node): string {
  const { kind, parent } = node;
  if (kind >= ts.SyntaxKind.FirstKeyword && kind <= ts.SyntaxKind.LastKeyword) return 'k';
  if (kind === ts.SyntaxKind.NumericLiteral || kind === ts.SyntaxKind.BigIntLiteral) return 'n';
  if (kind === ts.SyntaxKind.StringLiteral || kind === ts.SyntaxKind.RegularExpressionLiteral || isTemplate(kind))
    return 's';
  if (!ts.isIdentifier(node)) return '';
  if (
    ts.isTypeReferenceNode(parent) ||
    ts.isExpressionWithTypeArguments(parent) ||
    ts.isTypeParameterDeclaration(parent)
  )
    return 't';
  if (isCalled(node)) return 'f';
  const declares =
    ts.isClassDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isNewExpression(parent);
  if (declares || /^[A-Z][a-z]/.test(node.text)) return 't';
  if (ts.isFunctionDeclaration(parent) || (ts.isMethodDeclaration(parent) && parent.name === node)) return 'f';
  return 'v';
}

function isTemplate(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstTemplateToken && kind <= ts.SyntaxKind.LastTemplateToken;
}

function isCalled(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.expression === node;
  return (
    ts.isPropertyAccessExpression(parent) &&
    parent.name === node &&
    ts.isCallExpression(parent.parent) &&
    parent.parent.expression === parent
  );
}
