// The checks of `npm test` beside its unit tests: side by side, one per core, the longest first. Prints what a check that
// fails has to say. The library is built before.

import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CHECKS = [
  'npm run --silent types',
  'npm run --silent site',
  'node test/api/report.mjs --check',
  'npm run --silent house',
  'npm run --silent lint',
];

/** Runs a command; true if it succeeds. */
function check(command) {
  const begun = Date.now();
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const seconds = Math.round((Date.now() - begun) / 1000);
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${command} (${seconds} s)`);
      if (code !== 0) console.log(Buffer.concat(said).toString());
      resolve(code === 0);
    });
  });
}

const left = [...CHECKS];

/** Runs one check after the other until none is left; true if all succeed. */
async function lane() {
  let passed = true;
  for (let command = left.shift(); command; command = left.shift()) passed = (await check(command)) && passed;
  return passed;
}

const lanes = await Promise.all(Array.from({ length: Math.min(availableParallelism(), CHECKS.length) }, lane));
process.exitCode = lanes.every(Boolean) ? 0 : 1;
