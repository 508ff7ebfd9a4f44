import { Command, CommanderError } from 'commander';
import { InputError, messageOf } from '../array/index.js';
import { version } from '../node/runs/version.js';
import { addAssignment } from './assignment-command.js';
import { addCheck } from './check-command.js';
import { addData } from './data-command.js';
import { addEvaluate } from './evaluate-command.js';
import { addExperiment } from './experiment-command.js';
import { withoutAliases } from './flag-values.js';
import { addGrade } from './grade-command.js';
import { brokenText, widthOf } from './layout.js';
import { limitOf } from './limits.js';
import { complain, print, USAGE, watchOutput } from './output.js';
import { addPredict } from './predict-command.js';
import { endAtSignals, INTERRUPTED } from './signals.js';
import { addTrain } from './train-command.js';

/** A defect of this program. */
const INTERNAL = 70;

function program(args: readonly string[]): Command {
  const handgrad = new Command('handgrad')
    .configureOutput({
      writeOut: (text) => print(process.stdout, brokenText(text, widthOf(process.stdout))),
      writeErr: (text) => print(process.stderr, brokenText(text, widthOf(process.stderr))),
    })
    .configureHelp({ minWidthToWrap: 20 }) // terminals of 60 columns get wrapped help as well
    .description('Neural networks with every gradient written out by hand: train one, check every gradient.')
    .version(version())
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 a check, a grade or a run failed, 2 wrong usage or bad input, 130 Ctrl-C or a closed pipe.',
    )
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  addTrain(handgrad, args);
  for (const add of [addCheck, addData, addEvaluate, addPredict, addExperiment, addAssignment, addGrade]) add(handgrad);
  for (const command of handgrad.commands)
    command.exitOverride().showHelpAfterError(`(handgrad ${command.name()} --help tells more)`);
  return handgrad;
}

/**
 * The `handgrad` command. It prints to stdout and stderr, and sets the exit code of the process.
 *
 * @param args without the names of Node and of the program
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  watchOutput();
  const say = (message: string, shown: string | undefined) => {
    if (shown !== undefined) complain(shown);
    if (args.includes('--json')) print(process.stdout, `${JSON.stringify({ error: message })}\n`);
  };
  endAtSignals(() => say('interrupted', 'interrupted'));
  try {
    const plain = withoutAliases(args);
    await program(plain).parseAsync(plain, { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (error instanceof CommanderError && process.exitCode === 0) return;
    const message = process.exitCode === INTERRUPTED ? 'interrupted' : sentenceOf(error);
    const isBug = process.exitCode === INTERNAL && error instanceof Error;
    const isSaid = error instanceof CommanderError; // commander has printed it
    say(message, isSaid ? undefined : isBug ? error.stack : message);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  if (error instanceof InputError || limitOf(error) !== undefined) return USAGE;
  return error instanceof Error && error.name === 'AbortError' ? INTERRUPTED : INTERNAL;
}

function sentenceOf(error: unknown): string {
  const limit = limitOf(error);
  return limit === undefined ? messageOf(error) : `${limit}: ${messageOf(error)}`;
}
