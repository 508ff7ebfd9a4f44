import { escapeHtml, relativeUrl, textOf } from './html.js';
import type { Page, Part } from './site.js';

/** Pages under a heading, as the list of contents shows them. */
export interface Section {
  title: string;
  part: Part;
  pages: readonly Page[];
}

const MENU: readonly { part: Part; url: string }[] = [
  { part: 'Guide', url: 'guide/arrays.html' },
  { part: 'Live', url: 'live/training.html' },
  { part: 'Source', url: 'source/layers/linear.html' },
  { part: 'Notebooks', url: 'notebooks/1-arrays-and-broadcasting.html' },
  { part: 'Results', url: 'results/results.html' },
  { part: 'API', url: 'api/modules/handgrad.html' },
];

/** Puts a page into the common frame: menu, search, contents, links to the previous and the next page. */
export function framed(page: Page, sections: readonly Section[]): string {
  const to = (url: string) => relativeUrl(page.url, url);
  const order = sections.flatMap(({ pages }) => pages);
  const at = order.indexOf(page);
  const step = (other: Page | undefined, words: string, rel: string) =>
    other
      ? `<a class="${rel}" rel="${rel}" href="${to(other.url)}"><small>${words}</small>${escapeHtml(other.short ?? other.title)}</a>`
      : '<span></span>';
  const way =
    at < 0
      ? ''
      : `<nav class="way" aria-label="The pages before and after">${step(order[at - 1], 'before', 'prev')}${step(order[at + 1], 'next', 'next')}</nav>`;
  const own = sections.filter(({ part }) => part === page.part);
  const contents =
    page.layout === 'home'
      ? ''
      : `<details class="contents"><summary>Contents</summary>${contentsHtml(page, own, to)}</details>`;
  const menu = MENU.map(
    ({ part, url }) => `<a href="${to(url)}"${part === page.part ? ' aria-current="true"' : ''}>${part}</a>`,
  ).join('');
  return `<!doctype html>
<html lang="en" data-root="${to('')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.layout === 'home' ? page.title : `${page.title} · handgrad`)}</title>
<link rel="stylesheet" href="${to('assets/katex/katex.min.css')}">
<link rel="stylesheet" href="${to('assets/style.css')}">
<link rel="icon" href="${to('assets/icon.svg')}">
<script src="${to('assets/theme.js')}"></script>
<script defer src="${to('assets/formulas.js')}"></script>
<script defer src="${to('assets/site.js')}"></script>
${liveHtml(page, to)}</head>
<body class="${page.layout}">
<a class="skip" href="#main">To the text</a>
<header class="bar">
<a class="brand" href="${to('index.html')}"><span aria-hidden="true">∂</span> handgrad</a>
<nav class="menu" aria-label="Parts of the site">${menu}</nav>
<div class="tools"><button type="button" id="search-open" aria-haspopup="dialog">Search<kbd>/</kbd></button><button type="button" id="theme" aria-label="Light or dark">◐</button></div>
</header>
<div class="page">
${contents}
<main id="main">
${page.html}
${way}
</main>
</div>
<footer><p>Built from the code itself: every formula set, every gradient checked, every snippet run as this page was made.</p></footer>
<dialog id="search" aria-label="Search"><form method="dialog"><input type="search" id="query" placeholder="Search guide, source, notebooks, results, API" autocomplete="off" spellcheck="false" aria-controls="found" aria-label="Search for"></form><ol id="found"></ol><p class="hint"><kbd>↑</kbd> <kbd>↓</kbd> choose, <kbd>Enter</kbd> opens, <kbd>Esc</kbd> closes</p></dialog>
</body>
</html>
`;
}

/** The stylesheet and the scripts of interactive figures. */
function liveHtml({ scripts = [] }: Page, to: (url: string) => string): string {
  if (scripts.length === 0) return '';
  const tags = ['core.js', ...scripts].map((name) => `<script defer src="${to(`assets/${name}`)}"></script>\n`);
  return `<link rel="stylesheet" href="${to('assets/live.css')}">\n${tags.join('')}`;
}

/** The headings of a page with text, below its own line in the list of contents. */
function partsHtml({ html, layout }: Page): string {
  const headings = [...html.matchAll(/<h2 id="([^"]+)">(.*?)<\/h2>/gs)];
  if (layout !== 'text' || headings.length < 2) return '';
  const items = headings.map(([, id, heading]) => `<li><a href="#${id}">${escapeHtml(textOf(heading))}</a></li>`);
  return `<ol class="parts">${items.join('')}</ol>`;
}

function contentsHtml(page: Page, sections: readonly Section[], to: (url: string) => string): string {
  const lists = sections.map(({ title, pages }) => {
    const items = pages.map(
      (other) =>
        `<li><a href="${to(other.url)}"${other === page ? ' aria-current="page"' : ''}>${escapeHtml(other.short ?? other.title)}</a>${other === page ? partsHtml(page) : ''}</li>`,
    );
    return `<h2>${escapeHtml(title)}</h2><ol>${items.join('')}</ol>`;
  });
  return `<nav aria-label="Contents">${lists.join('')}</nav>`;
}
