import { themed } from './figures/picture.js';
import { escapeHtml } from './html.js';
import { codeHtml, markdownHtml } from './markdown.js';
import { linkFrom, urlOf } from './places.js';
import { type Page, readText } from './site.js';
import { passagesOf } from './text-pages.js';

interface Cell {
  cell_type: 'markdown' | 'code';
  source: string[];
  outputs?: Output[];
}

interface Output {
  output_type: string;
  text?: string[];
  data?: Record<string, string[] | string>;
}

/** A notebook with its stored outputs as a page. */
export function notebookPage(file: string): Page {
  const { cells }: { cells: Cell[] } = JSON.parse(readText(file));
  const url = urlOf(file) ?? '';
  const link = (target: string) => linkFrom(file, target);
  const parts = cells.map(({ cell_type, source, outputs = [] }) => {
    const text = source.join('');
    if (cell_type === 'markdown') return markdownHtml(text, { link });
    return codeHtml(text, 'ts') + outputs.map(outputHtml).join('');
  });
  const title = /^# (.*)$/m.exec(cells[0].source.join(''))?.[1] ?? file;
  const name = file.replace(/^notebooks\//, '');
  const note = `<p class="note">This is <code>notebooks/${escapeHtml(name)}</code> with the outputs that it was stored with. <code>npm run notebooks</code> opens it to be changed and run.</p>`;
  const html = `<article>${note}${parts.join('\n')}</article>`;
  return { url, title, part: 'Notebooks', layout: 'text', html, passages: passagesOf(html, title) };
}

function outputHtml({ text, data }: Output): string {
  const joined = (value: string[] | string) => (Array.isArray(value) ? value.join('') : value);
  if (text) return `<pre class="output" tabindex="0"><samp>${escapeHtml(joined(text).trimEnd())}</samp></pre>`;
  if (!data) return '';
  const svg = data['image/svg+xml'] ?? data['text/html'];
  if (svg && joined(svg).includes('<svg')) return `<figure>${themed(joined(svg))}</figure>`;
  if (data['text/html']) return `<div class="output">${joined(data['text/html'])}</div>`;
  return data['text/plain']
    ? `<pre class="output" tabindex="0"><samp>${escapeHtml(joined(data['text/plain']))}</samp></pre>`
    : '';
}
