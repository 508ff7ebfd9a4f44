import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { parseHTML } from 'linkedom';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/chromium.js';
import { openPages } from '../support/open-pages.js';
import { allPages } from '../support/site-pages.js';

const site = fileURLToPath(new URL('../../docs/html/', import.meta.url));
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** TypeDoc puts links into the summaries of its accordions; the pages of the API have its markup. */
const GENERATED = ['nested-interactive'];
const BUDGET = 300 * 1024;
const axe = () => readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What depends on the theme. Everything else was checked before the theme changed. */
const COLORS = ['color-contrast', 'link-in-text-block'];

/** The pages on which something happens, and what is done before they are looked at. */
const LIVE: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'guide/backpropagation.html': (page) => page.locator('#steps .scrubber').fill('12'),
  'live/training.html': async (page) => {
    await page.locator('#training .one').click();
    await page.locator('#training .program summary').click();
  },
  'live/workbench.html': (page) => page.locator('#workbench .checked').first().waitFor(),
};

/**
 * Runs in a page. What axe sees in its elements, each once: the tag, class, role and names of the attributes of an element and of
 * two elements around it, and whether it has a text. Several hundred pages are made of the same few hundred of these.
 */
function markup(): string[] {
  const texts = new Map<Element, string>();
  const seen = new Set<string>();
  for (const element of document.querySelectorAll('*:not(.katex *), .katex > *')) {
    const attributes = element.getAttributeNames();
    const text = [element.tagName, ...element.classList, element.getAttribute('role'), ...attributes].join(' ');
    texts.set(element, text);
    const around: string[] = [];
    for (let up = element.parentElement; up && around.length < 2; up = up.parentElement)
      around.push(texts.get(up) ?? '');
    seen.add([text, element.textContent?.trim() ? 'text' : '', ...around].join(' < '));
  }
  return [...seen];
}

/** Runs in a page with axe. What violates some rules: the rule, how often, and the first element. */
async function violations({ runOnly, formulas }: Checked): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: Axe };
  const context = formulas ? document : { include: document, exclude: ['.katex'] };
  const found = await axe.run(context, { runOnly, resultTypes: ['violations'] });
  return found.violations.map(
    ({ id, nodes: [first, ...others] }) =>
      `${id}: ${others.length + 1} × ${first.html.slice(0, 140)} ${first.any[0]?.message ?? ''}`,
  );
}

/** What axe checks. */
interface Checked {
  runOnly: { type: string; values: string[] };
  /** Whether it looks into formulas, which are a large part of many pages and are all made alike. */
  formulas: boolean;
}

/** The part of axe-core that is used. */
interface Axe {
  run(
    context: Document | { include: Document; exclude: string[] },
    options: object,
  ): Promise<{ violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[] }>;
}

describe('the accessibility of the site', function () {
  this.timeout(900_000);
  let browser: Browser;

  before(async function () {
    browser = await openBrowser(this);
  });
  after(() => browser?.close());

  it('meets WCAG 2.2 AA in every kind of markup of every page, in both themes', async () => {
    const names = allPages();
    expect(names.length).at.least(300);
    const page = await browser.newPage({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } });
    const script = axe();
    const known = new Set<string>();
    const faults: string[] = [];
    await openPages(page, names, async (name, loaded) => {
      await page.emulateMedia({ colorScheme: 'light' });
      await LIVE[name]?.(page);
      expect(await page.evaluate('document.title !== "" && document.documentElement.lang'), name).equals('en');
      if (loaded) await page.evaluate(script);
      const parts = (await page.evaluate(markup)).filter((part) => !known.has(part));
      if (parts.length === 0) return;
      for (const part of parts) known.add(part);
      const formulas = parts.some((part) => part.includes('katex'));
      const found = await page.evaluate(violations, { runOnly: { type: 'tag', values: RULES }, formulas });
      await page.emulateMedia({ colorScheme: 'dark' });
      const inDark = await page.evaluate(violations, { runOnly: { type: 'rule', values: COLORS }, formulas });
      const own = found.filter(
        (fault) => !(name.startsWith('api/') && GENERATED.some((rule) => fault.startsWith(rule))),
      );
      faults.push(...own.map((fault) => `${name} ${fault}`), ...inDark.map((fault) => `${name}, dark: ${fault}`));
    });
    await page.close();
    expect(faults.slice(0, 40).join('\n')).equals('');
  });

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
    for (const name of allPages().filter((one) => !one.startsWith('api'))) {
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
