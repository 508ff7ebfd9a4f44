import { messageOf } from '../array/index.js';
import { brokenText, widthOf } from './layout.js';
import { stopWork } from './signals.js';

/** Wrong usage or bad input. */
export const USAGE = 2;

/** The first error of stdout. After it, nothing more is printed there. */
let failure: unknown;

/**
 * Watches stdout and stderr. When stdout can no longer be written, the work stops as at Ctrl-C: `handgrad train | head`
 * has nobody who reads on. A full disk also gets a sentence and exit code 2.
 */
export function watchOutput(): void {
  process.stdout.on('error', fail);
  process.stderr.on('error', () => {}); // there is no other place to say it
  process.on('exit', () => {
    if (failure !== undefined && !isClosed(failure)) process.exitCode = USAGE;
  });
}

/** Prints a text to stdout or stderr. A stream that is a file throws its errors here, and `watchOutput` gets the others. */
export function print(stream: NodeJS.WriteStream, text: string): void {
  if (stream === process.stdout && failure !== undefined) return;
  try {
    stream.write(text);
  } catch (error) {
    if (stream === process.stdout) fail(error);
  }
}

/** Prints a sentence about what is wrong to stderr. A terminal gets it broken between words. */
export function complain(sentence: string): void {
  print(process.stderr, `${brokenText(`handgrad: ${sentence}`, widthOf(process.stderr))}\n`);
}

function fail(error: unknown): void {
  if (failure !== undefined) return;
  failure = error;
  if (!isClosed(error)) complain(`stdout cannot be written: ${messageOf(error)}`);
  stopWork();
}

/** Whether the reader of a pipe has ended. */
function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE';
}
