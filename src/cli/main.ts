#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { InputError } from '../array/index.js';
import { addCheck } from './check.js';
import { addData } from './data.js';
import { addEvaluate } from './evaluate.js';
import { withoutAliases } from './options.js';
import { INTERRUPTED } from './signals.js';
import { addTrain } from './train.js';
import { version } from './version.js';

/** Wrong usage or bad input. */
const USAGE = 2;
/** A defect of this program. */
const INTERNAL = 70;

function program(): Command {
  const handgrad = new Command('handgrad')
    .description('Neural networks with every gradient written out by hand: train one, check every gradient.')
    .version(version())
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 a check failed or a run diverged, 2 wrong usage or bad input, 130 Ctrl-C.',
    )
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  for (const add of [addTrain, addCheck, addData, addEvaluate]) add(handgrad);
  for (const command of handgrad.commands)
    command.exitOverride().showHelpAfterError(`(handgrad ${command.name()} --help tells more)`);
  return handgrad;
}

async function main(args: readonly string[]): Promise<void> {
  process.stdout.on('error', leaveOnBrokenPipe);
  try {
    await program().parseAsync(withoutAliases(args), { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError && process.exitCode === 0) return;
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof CommanderError)) {
      process.stderr.write(
        `handgrad: ${process.exitCode === INTERNAL && error instanceof Error ? error.stack : message}\n`,
      );
    }
    if (args.includes('--json')) process.stdout.write(`${JSON.stringify({ error: message })}\n`);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (error instanceof InputError) return USAGE;
  return error instanceof Error && error.name === 'AbortError' ? INTERRUPTED : INTERNAL;
}

/** `handgrad … | head` closes stdout early; that is no error. */
function leaveOnBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}

await main(process.argv.slice(2));
