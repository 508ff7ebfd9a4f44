// Mutation testing of the core: npm run mutants [-- --mutate src/layers/linear.ts]
// Installs StrykerJS into this folder at the first run. Arguments go on to StrykerJS.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');

/** Runs a program in the root of the project and ends this one if it fails. */
function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: join(here, '../..'), stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(stryker)) run('npm', ['ci', '--prefix', here, '--no-audit', '--no-fund']);
run(process.execPath, [stryker, 'run', join(here, 'stryker.config.mjs'), ...process.argv.slice(2)]);
