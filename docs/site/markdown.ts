import MarkdownIt from 'markdown-it';
import { coloredLines } from './color.js';
import { anchorOf, escapeHtml } from './html.js';
import { withMathematics } from './mathematics.js';

/** Code in a sentence of so many letters is not broken into two lines. */
const SHORT = 28;

/** How links and code of the Markdown of a page are handled. */
export interface MarkdownOptions {
  /**
   * The target of a relative link on the site. Undefined for a target that is not on the site; then only the text
   * stays.
   */
  link?: (target: string) => string | undefined;
  /** A picture on the site. */
  image?: (target: string) => Picture;
  /** The HTML after the n-th block of TypeScript. */
  afterCode?: (n: number) => string;
}

/** The address of a picture, and its size in pixels if it is known. */
export interface Picture {
  url: string;
  size?: { width: string; height: string };
}

/** Markdown as HTML, with formulas, colored TypeScript, headings with anchors, and tables that scroll. */
export function markdownHtml(text: string, options: MarkdownOptions = {}): string {
  const md = new MarkdownIt({ html: true, typographer: false, linkify: true });
  md.linkify.set({ fuzzyLink: false, fuzzyEmail: false }); // only what begins with https://
  withMathematics(md);
  let blocks = 0;
  const { rules } = md.renderer;
  rules.fence = (tokens, i) => {
    const [language] = tokens[i].info.trim().split(/\s+/);
    const code = codeHtml(tokens[i].content.trimEnd(), language);
    return code + (language === 'ts' ? (options.afterCode?.(blocks++) ?? '') : '');
  };
  rules.code_block = (tokens, i) => codeHtml(tokens[i].content.trimEnd(), 'text');
  rules.code_inline = (tokens, i) => {
    const { content } = tokens[i];
    return content.length <= SHORT
      ? `<code class="whole">${escapeHtml(content)}</code>`
      : `<code>${withWholeFlags(content)}</code>`;
  };
  rules.text = (tokens, i) => escapeHtml(bound(tokens[i].content));
  rules.table_open = (tokens, i) => {
    const end = tokens.findIndex(({ type }, at) => at > i && type === 'thead_close');
    const columns = tokens.slice(i, end).filter(({ type }) => type === 'th_open').length;
    const isClaims = tokens[i + 4]?.content === 'claim';
    return `<div class="wide${columns > 9 ? ' many' : ''}${isClaims ? ' claims' : ''}" tabindex="0"><table>\n`;
  };
  rules.table_close = () => '</table></div>\n';
  const anchors = new Set<string>();
  rules.heading_open = (tokens, i) => {
    let anchor = anchorOf(tokens[i + 1].content.replace(/[`$*]/g, ''));
    while (anchors.has(anchor)) anchor += '-2';
    anchors.add(anchor);
    return `<${tokens[i].tag} id="${anchor}">`;
  };
  rules.heading_close = (tokens, i) => `</${tokens[i].tag}>\n`;
  rules.image = (tokens, i) => {
    const source = String(tokens[i].attrGet('src'));
    const { url, size }: Picture = options.image?.(source) ?? { url: source };
    const place = size ? ` width="${size.width}" height="${size.height}"` : '';
    const image = `<img class="figure" src="${escapeHtml(url)}"${place} alt="${escapeHtml(tokens[i].content)}" loading="lazy">`;
    // A picture that leads nowhere else is shown alone, in its full size.
    const before = (wanted: string) => tokens.slice(0, i).filter(({ type }) => type === wanted).length;
    const isLinked = before('link_open') > before('link_close');
    return isLinked ? image : `<a class="enlarge" href="${escapeHtml(url)}">${image}</a>`;
  };
  withLinks(md, options);
  return md.render(text);
}

/** Keeps a number and its deviation or unit on one line. */
function bound(text: string): string {
  return text
    .replace(/ ?± (?=\d)/g, (found) => found.replaceAll(' ', '\u00a0'))
    .replace(/(?<=\d) (?=(?:%|[kMG]i?B|m?s|min|h|nats)(?![\p{L}\d]))/gu, '\u00a0');
}

/** A command as HTML, without line breaks inside a flag such as `--out`. */
function withWholeFlags(code: string): string {
  return escapeHtml(code).replace(/(?<=^|\s)--?[\w-]+/g, '<span class="whole">$&</span>');
}

/** Code as HTML; TypeScript in colors. */
export function codeHtml(code: string, language: string): string {
  const lines = ['ts', 'typescript'].includes(language) ? coloredLines(code).join('\n') : withWholeFlags(code);
  return `<pre class="code ${escapeHtml(language || 'text')}" tabindex="0"><code>${lines}</code></pre>\n`;
}

/** Changes relative links with `options.link`. If there is no target, only the text stays. */
function withLinks(md: MarkdownIt, { link }: MarkdownOptions): void {
  const dropped: boolean[] = [];
  md.renderer.rules.link_open = (tokens, i) => {
    const target = String(tokens[i].attrGet('href'));
    const outside = /^[a-z]+:/.test(target);
    const url = outside || target.startsWith('#') || !link ? target : link(target);
    dropped.push(url === undefined);
    return url === undefined ? '' : `<a href="${escapeHtml(url)}"${outside ? ' rel="external"' : ''}>`;
  };
  md.renderer.rules.link_close = () => (dropped.pop() ? '' : '</a>');
}
