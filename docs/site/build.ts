import { rmSync } from 'node:fs';
import { annotatedPage } from './annotated.js';
import { buildApi } from './api.js';
import { writeBundles } from './bundles.js';
import { DOCUMENTS, GUIDE, NOTEBOOKS, SOURCE } from './contents.js';
import { copyFonts } from './fonts.js';
import { homePage } from './home.js';
import { framed, type Section } from './layout.js';
import { notebookPage } from './notebook-pages.js';
import { decisionFiles, documentFiles, guideFiles, liveFiles, notebookFiles, sourceFiles } from './places.js';
import { searchIndex } from './search.js';
import { asset, OUT, type Page, ROOT, writeOut } from './site.js';
import { outputsOf } from './snippets.js';
import { documentPage, guidePage, livePage } from './text-pages.js';

// Builds the whole site into docs/html: npm run docs

const titles = new Map(
  [...GUIDE, ...DOCUMENTS, ...NOTEBOOKS, ...SOURCE.flatMap(({ entries }) => entries)].map(({ file, title }) => [
    file,
    title,
  ]),
);

rmSync(OUT, { recursive: true, force: true });
copyFonts();
await writeBundles();
for (const name of ['style.css', 'live.css', 'api.css', 'site.js', 'formulas.js', 'theme.js', 'icon.svg'])
  writeOut(`assets/${name}`, asset(name));

const outputs = await outputsOf(guideFiles());
const guide = await Promise.all(guideFiles().map((file, i) => guidePage(file, i + 1, outputs.get(file) ?? [])));
const live = await Promise.all(liveFiles().map(livePage));
const documents = await Promise.all(documentFiles().map(documentPage));
const decisions = await Promise.all(decisionFiles().map(documentPage));
const notebooks = notebookFiles().map(notebookPage);
const source = new Map<string, Page>();
// Comments link to other files, which then have pages as well: until no new one is asked for.
for (let files = sourceFiles(); source.size < files.length; files = sourceFiles()) {
  for (const file of files) if (!source.has(file)) source.set(file, await annotatedPage(file, titles.get(file)));
}
const listed = SOURCE.flatMap(({ entries }) => entries.map(({ file }) => file));
const pageOf = (file: string): Page[] => [source.get(file) ?? []].flat();
const sections: Section[] = [
  { title: 'The guide', part: 'Guide', pages: guide },
  { title: 'Pages that compute', part: 'Live', pages: live },
  ...SOURCE.map(
    ({ title, entries }): Section => ({ title, part: 'Source', pages: entries.flatMap(({ file }) => pageOf(file)) }),
  ),
  {
    title: 'More files',
    part: 'Source',
    pages: [...source].filter(([file]) => !listed.includes(file)).map(([, page]) => page),
  },
  { title: 'Notebooks', part: 'Notebooks', pages: notebooks },
  { title: 'Results and documents', part: 'Results', pages: documents },
  { title: 'Decisions', part: 'Results', pages: decisions },
];
const home = homePage(guide, [...source.values()], notebooks);
const pages = [home, ...sections.flatMap((section) => section.pages)];
for (const page of pages)
  writeOut(
    page.url,
    framed(
      page,
      sections.filter((section) => section.pages.length > 0),
    ),
  );

const api = await buildApi(ROOT);
writeOut('assets/search-index.js', searchIndex(pages, api));
process.stdout.write(`${pages.length} pages and the API are in docs/html; open docs/html/index.html\n`);
