import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Installs the packages of the bench, the other libraries, unless those of the lock file are already installed. */
export function installPeers(): void {
  const lock = createHash('sha256')
    .update(readFileSync(here('package-lock.json')))
    .digest('hex');
  const mark = here('node_modules/.installed-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  process.stderr.write("Installing the peers into bench/node_modules (npm's own words follow)\n");
  const { status } = spawnSync('npm', ['ci', '--prefix', here('.'), '--no-audit', '--no-fund'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('npm ci in bench/ failed, see above; without it there are no peers to measure');
  writeFileSync(mark, lock);
}
