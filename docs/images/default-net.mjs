// Draws the pictures of the default net in docs/images, from a run with seed 42.
// npm run pictures

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = {
  'Confusion matrix': 'default-confusion',
  'Accuracy of each class': 'default-classes',
  'The first test images': 'default-samples',
  'Weights of the first layer': 'default-weights',
  'Outputs of each layer': 'default-activations',
  'Gradients of each layer': 'default-gradients',
};

const folder = mkdtempSync(join(tmpdir(), 'handgrad-pictures-'));
try {
  const main = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));
  execFileSync(process.execPath, [main, 'train', '--seed', '42', '--report', '--out', folder], { stdio: 'inherit' });
  copyFileSync(join(folder, 'curves.svg'), new URL('curves.svg', import.meta.url));
  const page = readFileSync(join(folder, 'report.html'), 'utf8');
  for (const [, heading, html] of page.matchAll(/<section>\n<h2>(.*?)<\/h2>\n([\s\S]*?)\n<\/section>/g)) {
    if (heading in NAMES) writeFileSync(new URL(`${NAMES[heading]}.svg`, import.meta.url), `${html.trim()}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
