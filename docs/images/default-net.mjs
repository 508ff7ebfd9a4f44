// Draws the pictures of the default net in docs/images, from a run with seed 42.
// npm run pictures

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = {
  'What was taken for what': 'confusion',
  'Class by class': 'classes',
  'The first test images': 'samples',
  'What the first layer looks for': 'weights',
  'Inside the net': 'activations',
  'Gradients, layer by layer': 'gradients',
};

const folder = mkdtempSync(join(tmpdir(), 'handgrad-pictures-'));
try {
  const main = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));
  execFileSync(process.execPath, [main, 'train', '--seed', '42', '--report', '--out', folder], { stdio: 'inherit' });
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  for (const [, heading, html] of page.matchAll(/<section>\n<h2>(.*?)<\/h2>\n([\s\S]*?)\n<\/section>/g)) {
    if (heading in NAMES) writeFileSync(new URL(`default-${NAMES[heading]}.svg`, import.meta.url), `${html.trim()}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
