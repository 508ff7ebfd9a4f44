import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { figureHtml, themed } from './figures/picture.js';
import { escapeHtml, relativeUrl, textOf } from './html.js';
import { liveFigure } from './live/live.js';
import { markdownHtml } from './markdown.js';
import { linkFrom, urlOf } from './places.js';
import { OUT, type Page, type Part, type Passage, ROOT, readText } from './site.js';

/** A chapter of the guide with its number, and with the output of its code. */
export async function guidePage(file: string, chapter: number, outputs: readonly string[]): Promise<Page> {
  const page = await textPage(file, 'Guide', (n) => outputHtml(outputs[n] ?? ''));
  const html = page.html.replace(/(<h1 [^>]*>)/, `$1<span class="chapter">${chapter}</span> `);
  return { ...page, short: `${chapter}. ${page.title}`, html };
}

/** A page that the reader works with, and little text. */
export function livePage(file: string): Promise<Page> {
  return textPage(file, 'Live', () => '');
}

/** A page of any other Markdown file. */
export function documentPage(file: string): Promise<Page> {
  return textPage(file, 'Results', () => '');
}

async function textPage(file: string, part: Part, afterCode: (n: number) => string): Promise<Page> {
  const url = urlOf(file) ?? '';
  const markdown = readText(file);
  const bare = markdownHtml(markdown, {
    afterCode,
    link: (target) => linkFrom(file, target),
    image: (target) => {
      const from = posix.normalize(posix.join(posix.dirname(file), target));
      const to = `images/${from.replace(/^docs\/(images\/)?/, '')}`;
      mkdirSync(dirname(join(OUT, to)), { recursive: true });
      cpSync(join(ROOT, from), join(OUT, to));
      return { url: relativeUrl(url, to), size: from.endsWith('.svg') ? sizeOf(readText(from)) : undefined };
    },
  });
  const { html, scripts } = withLive(await withFigures(bare), file);
  const title = /^# (.*)$/m.exec(markdown)?.[1] ?? file;
  const passages = passagesOf(html, title);
  return { url, title, part, layout: 'text', html: `<article>${html}</article>`, passages, scripts };
}

/** The size that an SVG gives itself. */
function sizeOf(svg: string): { width: string; height: string } | undefined {
  const [, width, height] = /^[^>]*<svg [^>]*?width="([\d.]+)"[^>]*? height="([\d.]+)"/s.exec(svg) ?? [];
  return width && height ? { width, height } : undefined;
}

/** Puts interactive figures where a paragraph says `{{live name}}`, and collects their scripts. */
function withLive(html: string, file: string): { html: string; scripts: string[] } {
  const scripts: string[] = [];
  const filled = html.replace(/<p>\{\{live ([^}]+)\}\}<\/p>/g, (_, name: string) => {
    const { still, scripts: own } = liveFigure(name);
    scripts.push(...own);
    return still(file);
  });
  return { html: filled, scripts: [...new Set(scripts)] };
}

/** Puts pictures where a paragraph says `{{figure name}}`. */
async function withFigures(html: string): Promise<string> {
  const parts = html.split(/<p>\{\{figure ([^}]+)\}\}<\/p>/);
  const filled = await Promise.all(parts.map((part, i) => (i % 2 === 0 ? part : figureHtml(part))));
  return filled.join('');
}

/** The output of a block of code, with SVG text as pictures. */
function outputHtml(output: string): string {
  if (output === '') return '';
  const parts = splitPictures(output).filter((part) => part.trim() !== '');
  const pieces = parts.map((part) =>
    part.startsWith('<svg')
      ? `<figure>${themed(part)}</figure>`
      : `<pre class="output" tabindex="0"><samp>${escapeHtml(part.trim())}</samp></pre>`,
  );
  return pieces.join('\n');
}

/** Cuts text where pictures begin and end. A picture can contain others. */
function splitPictures(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (const { 0: tag, index } of text.matchAll(/<svg[ >]|<\/svg>/g)) {
    if (tag !== '</svg>' && depth++ > 0) continue;
    if (tag === '</svg>' && --depth > 0) continue;
    const cut = tag === '</svg>' ? index + tag.length : index;
    parts.push(text.slice(start, cut));
    start = cut;
  }
  return [...parts, text.slice(start)];
}

/** The text of a page, cut at its headings. */
export function passagesOf(html: string, title: string): Passage[] {
  const pieces = html.split(/<h[123] id="([^"]*)">(.*?)<\/h[123]>/s);
  const passages = [{ heading: title, anchor: '', text: textOf(pieces[0]) }];
  for (let i = 1; i < pieces.length; i += 3)
    passages.push({ heading: textOf(pieces[i + 1]), anchor: pieces[i], text: textOf(pieces[i + 2]) });
  return passages.filter(({ text, heading }) => text !== '' || heading !== title);
}
