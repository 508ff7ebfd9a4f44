import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parseHTML } from 'linkedom';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/chromium.js';
import { pagesOfEachKind } from '../support/site-pages.js';

const site = fileURLToPath(new URL('../../docs/html/', import.meta.url));
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** TypeDoc puts links into the summaries of its accordions; the pages of the API have its markup. */
const GENERATED = ['nested-interactive'];
const BUDGET = 300 * 1024;
const axe = () => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The pages on which something happens, and what is done before they are looked at. */
const LIVE: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'guide/backpropagation.html': (page) => page.locator('#steps .scrubber').fill('12'),
  'live/training.html': async (page) => {
    await page.locator('#training .one').click();
    await page.locator('#training .program summary').click();
  },
  'live/workbench.html': (page) => page.locator('#workbench .checked').first().waitFor(),
};

describe('the accessibility of the site', function () {
  this.timeout(900_000);
  let browser: Browser;

  before(async function () {
    browser = await openBrowser(this);
  });
  after(() => browser?.close());

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`meets WCAG 2.2 AA on every page, in the ${colorScheme} theme`, async () => {
      const names = pagesOfEachKind();
      expect(names.length).at.least(20);
      const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const script = axe();
      const faults: string[] = [];
      for (const name of names) {
        await page.goto(pathToFileURL(join(site, name)).href);
        await LIVE[name]?.(page);
        await page.evaluate(script);
        const found = await page.evaluate<string[]>(
          `axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.length + ' × ' + nodes[0].html.slice(0, 140) + ' ' + (nodes[0].any[0]?.message ?? '')))`,
        );
        const own = found.filter(
          (fault) => !(name.startsWith('api/') && GENERATED.some((rule) => fault.startsWith(rule))),
        );
        faults.push(...own.map((fault) => `${name} ${fault}`));
      }
      await context.close();
      expect(faults.slice(0, 40).join('\n')).equals('');
    });
  }

  it('works by keyboard alone: every control of the pages that compute can be reached and has a name', async () => {
    for (const [name, prepare] of Object.entries(LIVE)) {
      const page = await browser.newPage();
      await page.goto(pathToFileURL(join(site, name)).href);
      await prepare(page);
      const unreachable = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.widget :is(button, input, select, textarea, summary)')].filter((element) => element.offsetParent && !element.disabled).filter((element) => { element.focus(); return document.activeElement !== element; }).map(({ outerHTML }) => outerHTML.slice(0, 100))`,
      );
      expect(unreachable, name).to.deep.equal([]);
      await page.close();
    }
  });
});

describe('the weight of the site', () => {
  it(`has no page above ${BUDGET / 1024} KB gzipped, without fonts`, () => {
    const sizes = new Map<string, number>();
    const sizeOf = (file: string) => {
      if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(file)).length);
      return sizes.get(file) ?? 0;
    };
    const heavy: string[] = [];
    const names = pagesOfEachKind();
    expect(names.length).at.least(20);
    for (const name of names.filter((one) => !one.startsWith('api'))) {
      const file = join(site, name);
      const { document } = parseHTML(readFileSync(file, 'utf8'));
      const parts = [...document.querySelectorAll('script[src], link[rel=stylesheet], img[src]')]
        .map((element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '')
        .filter((target) => target !== '' && !target.startsWith('data:'))
        .map((target) => sizeOf(fileURLToPath(new URL(target, pathToFileURL(file)))));
      const total = parts.reduce((sum, size) => sum + size, sizeOf(file));
      if (total > BUDGET) heavy.push(`${name}: ${Math.round(total / 1024)} KB`);
    }
    expect(heavy.join('\n')).equals('');
  });

  it('paints the pages that compute within a second, from a disk', async function () {
    this.timeout(60_000);
    const browser = await openBrowser(this);
    for (const name of ['index.html', ...Object.keys(LIVE)]) {
      const times: number[] = [];
      for (let i = 0; i < 3; i++) {
        const page = await browser.newPage();
        await page.goto(pathToFileURL(join(site, name)).href);
        const read = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`;
        await page.waitForFunction(read);
        times.push(await page.evaluate<number>(read));
        await page.close();
      }
      expect(Math.min(...times), name).below(1000);
    }
    await browser.close();
  });
});
