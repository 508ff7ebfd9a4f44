import { checksHtml } from './checks.js';
import { coloredLines } from './color.js';
import { cut, type Row } from './cut.js';
import { besideMethods } from './derivation.js';
import { FIGURES } from './figures/figures.js';
import { figureHtml } from './figures/picture.js';
import { anchorOf, escapeHtml, relativeUrl, textOf } from './html.js';
import { markdownHtml } from './markdown.js';
import { linkFrom, urlOf } from './places.js';
import { type Page, type Passage, readText } from './site.js';

/** The page of a source file: what its comments say on the left, the code that they are about on the right. */
export async function annotatedPage(file: string, title?: string): Promise<Page> {
  const url = urlOf(file) ?? '';
  const source = readText(file);
  const rows = besideMethods(cut(source, file));
  const name = title ?? titleOf(rows, file);
  const key = file.replace(/^src\//, '').replace(/\.ts$/, '');
  const figure = Object.hasOwn(FIGURES, key) ? await figureHtml(key) : '';
  const passages: Passage[] = figure ? [{ heading: name, anchor: '', text: textOf(figure) }] : [];
  const anchors = new Set<string>();
  const parts = rows.map((row) => {
    const anchor = uniqueAnchor(row, anchors);
    const prose = row.prose ? proseHtml(row.prose, file) : '';
    if (row.kind !== 'imports' || prose)
      passages.push({
        heading: row.name ? `${name}: ${row.name}` : name,
        anchor,
        text: `${textOf(prose)} ${row.code}`,
      });
    return rowHtml(row, prose, anchor);
  });
  const checks = checksHtml(file).replaceAll('ROOT', relativeUrl(url, ''));
  if (checks) passages.push({ heading: `${name}: checked`, anchor: 'checked', text: textOf(checks) });
  const html = [
    `<header class="title"><h1>${escapeHtml(name)}</h1><p class="path">${escapeHtml(file)}, ${source.split('\n').length - 1} lines</p></header>`,
    figure,
    `<div class="rows">${parts.join('\n')}</div>`,
    checks,
  ].join('\n');
  return { url, title: name, part: 'Source', layout: 'annotated', html, passages };
}

/** The class or function that a file is about, by its own name. */
function titleOf(rows: readonly Row[], file: string): string {
  const base = file.replace(/^.*\//, '').replace(/\.ts$/, '');
  const plain = base.replaceAll('-', '');
  const heads = rows.filter(({ kind, name }) => kind === 'head' && name !== '');
  const own =
    heads.find(({ name }) => name.toLowerCase().replace(/1d$/, '') === plain) ??
    rows.find(({ name }) => name.toLowerCase() === plain);
  return own?.name ?? base;
}

function uniqueAnchor({ name, line }: Row, taken: Set<string>): string {
  const wanted = name ? anchorOf(name) : `line-${line}`;
  const anchor = taken.has(wanted) ? `${wanted}-${line}` : wanted;
  taken.add(anchor);
  return anchor;
}

/** A comment as HTML; its tags as a list at the end. */
function proseHtml(prose: string, file: string): string {
  const tag = /^@(param|returns|throws|module)\b/m.exec(prose);
  const text = tag ? prose.slice(0, tag.index) : prose;
  const tags = tag ? prose.slice(tag.index).split(/^@/m).filter(Boolean) : [];
  const items = tags.flatMap((entry) => {
    const [, kind, rest] = /^(\w+)\s*([\s\S]*)$/.exec(entry.trim()) ?? [];
    if (!kind || kind === 'module') return [];
    const param = kind === 'param' ? /^(\S+)\s*([\s\S]*)$/.exec(rest) : null;
    const words = param ? param[2] : rest;
    return [
      `<dt>${param ? `<code>${escapeHtml(param[1])}</code>` : kind}</dt><dd>${markdownHtml(words).replace(/^<p>|<\/p>\s*$/g, '')}</dd>`,
    ];
  });
  const html = markdownHtml(text, { link: (target) => linkFrom(file, target) });
  return html + (items.length > 0 ? `<dl>${items.join('')}</dl>` : '');
}

function rowHtml(row: Row, prose: string, anchor: string): string {
  const lines = coloredLines(row.code);
  if (row.kind === 'imports') {
    return `<div class="row imports" id="${anchor}"><div class="prose">${prose}</div><div class="code"><details><summary>${lines.length} ${lines.length === 1 ? 'line' : 'lines'} of imports</summary>${listing(lines, row.line)}</details></div></div>`;
  }
  const long = lines.length > 34 ? ' long' : '';
  return `<section class="row ${row.kind}${long}" id="${anchor}"><div class="prose">${prose}</div><div class="code">${listing(lines, row.line)}</div></section>`;
}

/** Lines with their numbers; one that is too long is folded under its own beginning. */
function listing(lines: readonly string[], first: number): string {
  const shown = lines.map((line, i) => {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    return `<li value="${first + i}" style="--indent:${indent}"><code>${line.slice(indent) || ' '}</code></li>`;
  });
  return `<ol class="lines">${shown.join('')}</ol>`;
}
