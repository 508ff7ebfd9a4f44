#!/usr/bin/env node
import { limitOf } from './limits.js';
import { endWithParent } from './parent-process.js';

// The command is some hundred files, which Node opens almost at once. With fewer file descriptors than that, this file can
// still say so.
const { runProgram } = await import('./program.js').catch((error: unknown) => {
  const limit = limitOf(error);
  if (limit === undefined) throw error;
  process.stderr.write(`handgrad: ${limit}\n`);
  process.exit(2);
});
endWithParent();
await runProgram(process.argv.slice(2));
