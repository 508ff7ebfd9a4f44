import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { parseHTML } from 'linkedom';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/chromium.js';
import { openPages } from '../support/open-pages.js';
import { allPages } from '../support/site-pages.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const site = join(root, 'docs/html/');
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Runs in a page: what is wrong with how it is laid out. */
function layoutFaults(): string[] {
  const { documentElement } = document;
  const faults: string[] = [];
  if (documentElement.scrollWidth > documentElement.clientWidth) {
    const wide = [...document.querySelectorAll('body *')].find(
      (element) => element.getBoundingClientRect().right > documentElement.clientWidth + 1,
    );
    faults.push(`is ${documentElement.scrollWidth} wide, at ${wide?.outerHTML.slice(0, 120)}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent: text, parentElement } = walker.currentNode;
    if (parentElement?.closest('pre, code, script, style, annotation, .lines')) continue;
    if (/\$[^\s$][^$]*\$|\$\$|\\[dt]?frac/.test(text ?? '')) faults.push(`shows TeX: ${text?.slice(0, 80)}`);
  }
  const broken = [...document.images].filter((image) => image.complete && image.naturalWidth === 0);
  for (const image of broken) faults.push(`cannot show ${image.src}`);
  return faults;
}

/** The paths of all pages, below the folder of the site. On a fresh clone, the site is built first. */
function pageNames(): string[] {
  if (!existsSync(join(site, 'index.html'))) {
    execFileSync(process.execPath, ['--import', 'tsx', 'docs/site/build.ts'], { cwd: root });
  }
  return allPages();
}

describe('the site in docs/html', function () {
  this.timeout(120_000);
  let pages: string[] = [];
  const documents = new Map<string, Document>();

  before(() => {
    pages = pageNames().map((name) => join(site, name));
    for (const page of pages) documents.set(page, parseHTML(readFileSync(page, 'utf8')).document);
  });

  it('has been built, with all of its parts', () => {
    const names = pageNames();
    for (const wanted of [
      'index.html',
      'guide/layer-norm.html',
      'source/layers/layer-norm.html',
      'source/gradcheck/check-layer.html',
      'notebooks/7-train-on-cifar10.html',
      'results/performance.html',
      'api/classes/handgrad.LayerNorm.html',
    ]) {
      expect(names, `npm run docs builds ${wanted}`).to.include(wanted);
    }
  });

  it('has no link and no anchor that leads nowhere', () => {
    const anchors = new Map(
      [...documents].map(([page, document]) => [
        page,
        new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)),
      ]),
    );
    const lost: string[] = [];
    for (const [page, document] of documents) {
      for (const element of document.querySelectorAll('a[href], link[href], script[src], img[src]')) {
        const target = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        if (/^([a-z]+:|\/\/)/.test(target)) continue;
        const [path, anchor] = decodeURI(target).split('#');
        const file = path === '' ? page : resolve(dirname(page), path);
        const found = existsSync(file) && (!anchor || !anchors.has(file) || anchors.get(file)?.has(anchor));
        if (!found) lost.push(`${relative(site, page)} → ${target}`);
      }
    }
    expect(lost).to.deep.equal([]);
  });

  it('loads nothing from a network', () => {
    for (const [page, document] of documents) {
      for (const element of document.querySelectorAll('link[href], script[src], img[src]')) {
        const target = element.getAttribute('href') ?? element.getAttribute('src') ?? '';
        expect(target, relative(site, page)).to.not.match(/^(https?:)?\/\//);
      }
    }
  });

  it('shows the check of every layer, loss and optimizer, and a picture of every layer and loss', () => {
    const folders = ['layers', 'losses', 'optim'].map((name) => join(site, 'source', name));
    const withoutGradient =
      /^(layer|parameter|module|init|loss|loss-checks|label-smoothing|optimizer|schedules|weight-average)\.html$/;
    const files = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => !withoutGradient.test(name))
        .map((name) => join(folder, name)),
    );
    expect(files.length).to.be.at.least(18);
    for (const file of files) {
      const { document } = parseHTML(readFileSync(file, 'utf8'));
      expect(
        document.querySelectorAll('.checks table tbody tr').length,
        `checks on ${relative(site, file)}`,
      ).to.be.at.least(1);
      if (!/sequential|adamw|clip|flatten|concat/.test(file))
        expect(document.querySelectorAll('figure svg').length, `a picture on ${relative(site, file)}`).to.be.at.least(
          1,
        );
      expect(document.querySelectorAll('.katex').length, `formulas on ${relative(site, file)}`).to.be.at.least(1);
    }
  });

  it('puts the gradients of the parameters next to the method that adds them', () => {
    for (const name of ['linear', 'layer-norm', 'batch-norm', 'group-norm', 'instance-norm']) {
      const { document } = parseHTML(readFileSync(join(site, 'source', 'layers', `${name}.html`), 'utf8'));
      const prose = (id: string) => document.querySelector(`#${id} > .prose`)?.textContent ?? '';
      expect(prose('accumulategradients'), name).to.include('Backward, parameters');
      expect(prose('backward'), name).to.include('Backward, input').and.not.include('Backward, parameters');
    }
  });

  it('shows the comment at the top of a file also if imports follow it', () => {
    const page = readFileSync(join(site, 'source/kernels/assembly/gemm.html'), 'utf8');
    expect(page).to.contain('Three nested loops can multiply matrices');
  });

  it('has an entry in the search for every page except those of the API', () => {
    const index = readFileSync(join(site, 'assets', 'search-index.js'), 'utf8');
    for (const page of pages.map((page) => relative(site, page)).filter((page) => !page.startsWith('api')))
      expect(index).to.include(`"${page}`);
  });
});

describe('the site in a browser', function () {
  this.timeout(600_000);
  let browser: Browser;
  let page: Page;
  const said: string[] = [];

  before(async function () {
    browser = await openBrowser(this);
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: DESKTOP });
    page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    page.on('pageerror', (error) => said.push(error.message));
  });
  afterEach(() => page?.close());
  after(async () => {
    await browser?.close();
  });

  it('opens every page on a desktop and on a phone, without errors, overflow or raw TeX', async () => {
    const names = pageNames();
    expect(names.length).to.be.at.least(300);
    const faults: string[] = [];
    const visit = async (name: string) => {
      await page.setViewportSize(DESKTOP);
      const wide: string[] = await page.evaluate(layoutFaults);
      await page.setViewportSize(PHONE);
      const narrow: string[] = await page.evaluate(layoutFaults);
      const all = [...wide, ...narrow.map((fault) => `on a phone ${fault}`), ...said.map((text) => `says ${text}`)];
      faults.push(...all.map((fault) => `${name} ${fault}`));
      said.length = 0;
    };
    // The scripts of generated pages run on one in eight of them.
    await openPages(page, names, visit, (name) => names.indexOf(name) % 8 === 0);
    expect(faults.slice(0, 20).join('\n')).to.equal('');
  });

  it('finds "jacobian" from the keyboard, and opens what it found', async () => {
    await page.setViewportSize(DESKTOP);
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    await page.keyboard.press('/');
    await page.keyboard.type('jacobian');
    await page.locator('#found a').first().waitFor();
    const hits = await page.locator('#found a').allTextContents();
    expect(hits.length).to.be.at.least(3);
    expect(hits.join(' ').toLowerCase()).to.include('jacobian').and.include('softmax');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\.html/);
    expect((await page.locator('main').textContent())?.toLowerCase()).to.include('jacobian');
  });

  it('finds the chapter first for its name', async () => {
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    await page.locator('#search-open').click();
    for (const [query, wanted] of [
      ['layer norm', 'guide/layer-norm.html'],
      ['gradient checks', 'guide/gradient-checks.html'],
      ['LayerNorm', 'source/layers/layer-norm.html'],
    ]) {
      await page.locator('#query').fill(query);
      const first = page.locator('#found a').first();
      await first.waitFor();
      expect((await first.getAttribute('href'))?.split('#')[0], query).equals(wanted);
    }
  });

  it('numbers the chapters, with gradient checks as the third, and lists the headings of a page', async () => {
    await page.setViewportSize(DESKTOP);
    await page.goto(pathToFileURL(join(site, 'guide', 'gradient-checks.html')).href);
    expect(await page.locator('h1').textContent()).equals('3 Gradient checks');
    expect(await page.locator('.contents .parts a').allTextContents()).includes('Kinks');
    expect(await page.locator('.way .prev').textContent()).includes('2. The chain rule');
    expect(await page.locator('.way .next').textContent()).includes('4. The linear layer');
  });

  it('shows a picture of a report alone when it is clicked, and keeps its place while it loads', async () => {
    await page.goto(pathToFileURL(join(site, 'results/experiments/norms/report.html')).href);
    const picture = page.locator('a.enlarge img').first();
    expect(Number(await picture.getAttribute('width'))).above(400);
    expect(Number(await picture.getAttribute('height'))).above(200);
    await picture.click();
    expect(page.url()).matches(/images\/experiments\/norms\/batch-sizes\.svg$/);
  });

  it('makes claims a list on a phone', async () => {
    await page.setViewportSize(PHONE);
    await page.goto(pathToFileURL(join(site, 'results/experiments/norms/report.html')).href);
    const [first, second] = await page.locator('.claims tbody tr').first().locator('td').all();
    const [above, below] = [await first.boundingBox(), await second.boundingBox()];
    expect(below?.y).at.least((above?.y ?? 0) + (above?.height ?? 0));
    expect(above?.width).above(300);
  });

  it('switches between dark and light, and remembers it on the next page', async () => {
    await page.goto(pathToFileURL(join(site, 'index.html')).href);
    const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const before = await paper();
    await page.locator('#theme').click();
    const after = await paper();
    expect(after).to.not.equal(before);
    await page.goto(pathToFileURL(join(site, 'guide', 'linear.html')).href);
    expect(await paper()).to.equal(after);
  });
});
