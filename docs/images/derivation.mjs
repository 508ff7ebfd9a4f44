// Draws the README's first picture: the derivation of softmax beside its code, as the site shows it.
// npm run docs && node docs/images/derivation.mjs

import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const page = new URL('../html/source/layers/softmax.html', import.meta.url);
const picture = fileURLToPath(new URL('derivation.png', import.meta.url));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const tab = await browser.newPage({ viewport: { width: 1180, height: 900 }, deviceScaleFactor: 1.5 });
  await tab.goto(page.href);
  const backward = tab.locator('#backward');
  await backward.screenshot({ path: picture });
} finally {
  await browser.close();
}
