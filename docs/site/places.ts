import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { DOCUMENTS, GUIDE, LIVE_PAGES, NOTEBOOKS, SOURCE } from './contents.js';
import { relativeUrl } from './html.js';
import { ROOT } from './site.js';

/** Source files that pages link to, in addition to the listed ones. Each gets a page. */
const asked = new Set<string>();

/** The address of the page of a file of the project. Undefined if the file has no page. */
export function urlOf(file: string): string | undefined {
  if (file === 'README.md') return 'index.html';
  if (/^docs\/guide\/.*\.md$/.test(file)) return file.replace(/^docs\/guide\//, 'guide/').replace(/\.md$/, '.html');
  if (/^docs\/live\/.*\.md$/.test(file)) return file.replace(/^docs\//, '').replace(/\.md$/, '.html');
  if (file === 'examples/README.md') return 'results/examples.html';
  if (/^docs\/.*\.md$/.test(file) || file === 'CONTRIBUTING.md')
    return `results/${file
      .replace(/^docs\//, '')
      .replace(/\.md$/, '.html')
      .toLowerCase()}`;
  if (/^(src|test)\/.*\.ts$/.test(file)) return `source/${file.replace(/^src\//, '').replace(/\.ts$/, '.html')}`;
  if (/^notebooks\/.*\.ipynb$/.test(file)) return file.replace(/\.ipynb$/, '.html');
  return undefined;
}

/**
 * The target of a link in a file, relative to the page of the file.
 *
 * @throws Error if the file does not exist
 */
export function linkFrom(file: string, target: string): string | undefined {
  const [path, anchor] = target.split('#');
  const own = urlOf(file) ?? 'index.html';
  const wanted = posix.normalize(posix.join(posix.dirname(file), path));
  if (wanted.startsWith('docs/html/'))
    return relativeUrl(own, wanted.slice('docs/html/'.length)) + (anchor ? `#${anchor}` : '');
  if (!existsSync(join(ROOT, wanted))) throw new Error(`${file} links to ${target}, which is not there`);
  const url = urlOf(wanted);
  if (url === undefined) return undefined;
  if (url.startsWith('source/')) asked.add(wanted);
  return relativeUrl(own, url) + (anchor ? `#${anchor}` : '');
}

/** The listed source files, and those that links have added so far. */
export function sourceFiles(): string[] {
  const listed = SOURCE.flatMap(({ entries }) => entries.map(({ file }) => file));
  return [...listed, ...[...asked].filter((file) => !listed.includes(file)).sort()];
}

/** Every Markdown file in docs/ outside the guide, the listed ones first. Then the examples, and how to contribute. */
export function documentFiles(): string[] {
  const listed = DOCUMENTS.map(({ file }) => file);
  const found = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.split('\\').join('/')}`)
    .filter((file) => file.endsWith('.md') && !/^docs\/(guide|live|decisions|html|site)\//.test(file))
    .sort();
  return [
    ...listed.filter((file) => found.includes(file)),
    ...found.filter((file) => !listed.includes(file)),
    'examples/README.md',
    'CONTRIBUTING.md',
  ];
}

/** The decisions, by number. */
export function decisionFiles(): string[] {
  const names = readdirSync(join(ROOT, 'docs/decisions')).sort();
  return names.map((name) => `docs/decisions/${name}`);
}

/** The pages that compute while they are read. */
export function liveFiles(): string[] {
  return LIVE_PAGES.map(({ file }) => file);
}

/** The chapters of the guide. */
export function guideFiles(): string[] {
  return GUIDE.map(({ file }) => file);
}

/** The notebooks. */
export function notebookFiles(): string[] {
  return NOTEBOOKS.map(({ file }) => file).filter((file) => existsSync(join(ROOT, file)));
}
