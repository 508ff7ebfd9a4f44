import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';

const site = fileURLToPath(new URL('../../docs/html/', import.meta.url));

/** Whether a page is one of several hundred that are made alike: the pages of the API and of the annotated source. */
export function isGenerated(name: string): boolean {
  return /^(api|source)\//.test(name);
}

/**
 * Shows pages of the built site one after the other, and calls `visit` for each. A generated page replaces the body of the
 * one before if both are in one folder and so have the same stylesheets; its scripts do not run, except that formulas are
 * fitted again. A menu whose text an earlier page had as well is removed: that of the API alone has 2,600 elements, nine
 * tenths of each of its pages.
 *
 * @param isLoaded generated pages that are loaded all the same
 */
export async function openPages(
  page: Page,
  names: readonly string[],
  visit: (name: string, loaded: boolean) => Promise<void>,
  isLoaded: (name: string) => boolean = () => false,
): Promise<void> {
  const menus = new Set<string>();
  let folder = '';
  for (const name of names) {
    const loaded = !isGenerated(name) || dirname(name) !== folder || isLoaded(name);
    if (loaded) await page.goto(pathToFileURL(join(site, name)).href);
    else await page.evaluate(showBody, readFileSync(join(site, name), 'utf8'));
    folder = dirname(name);
    if (isGenerated(name)) for (const text of await page.evaluate(removeMenus, [...menus])) menus.add(text);
    await visit(name, loaded);
  }
}

/** Runs in a page. Shows another page. */
function showBody(html: string): void {
  const { body, documentElement, title } = new DOMParser().parseFromString(html, 'text/html');
  document.title = title;
  document.documentElement.lang = documentElement.lang;
  document.documentElement.className = documentElement.className;
  document.body.replaceWith(document.adoptNode(body));
  dispatchEvent(new Event('resize'));
}

/** Runs in a page. Removes the menus with known texts, and returns the texts of the others. */
function removeMenus(known: readonly string[]): string[] {
  const texts: string[] = [];
  for (const menu of document.querySelectorAll('nav')) {
    const text = menu.textContent ?? '';
    if (known.includes(text)) menu.remove();
    else texts.push(text);
  }
  return texts;
}
