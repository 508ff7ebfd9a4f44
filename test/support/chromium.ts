import { execFileSync } from 'node:child_process';
import type { Context } from 'mocha';
import { type Browser, chromium } from 'playwright-core';
import { skip } from './skip.js';

/** A Chromium of this system, because playwright-core brings none. */
function findChromium(): string | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // Not under this name.
    }
  }
  return undefined;
}

/** Opens a browser, or skips the test if this system has none. The caller closes it. */
export async function openBrowser(test: Context): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) return skip(test, 'there is no Chromium on this system');
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** Calls `use` with a browser and closes it afterward, or skips the test if this system has none. */
export async function withBrowser(test: Context, use: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await openBrowser(test);
  try {
    await use(browser);
  } finally {
    await browser.close();
  }
}
