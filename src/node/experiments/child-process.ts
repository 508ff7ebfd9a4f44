import { type ChildProcess, fork } from 'node:child_process';
import type { JobStep } from './job.js';

/** How a child process ended: the JSON document that it printed, or a sentence that says why there is none. */
export type ChildOutcome = { document: unknown } | { failure: string };

/** What to run, and when to stop it. */
export interface ChildOptions {
  /** The path of the `handgrad` program. */
  program: string;
  /** Stops the child process. */
  signal?: AbortSignal;
}

/**
 * Runs a `handgrad` command in a child process and reads the JSON document that it prints. A crash of the child
 * process does not affect this one.
 */
export function runChild(
  args: readonly string[],
  { program, signal }: ChildOptions,
  onStep: (step: JobStep) => void = () => {},
): Promise<ChildOutcome> {
  // Detached, so that Ctrl-C in the terminal does not reach the child as well: a second signal would end it before
  // its checkpoint.
  const child = fork(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], detached: true });
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  child.on('message', (message) => {
    if (isJobStep(message)) onStep(message);
  });
  return outcomeOf(child).finally(() => signal?.removeEventListener('abort', stop));
}

function outcomeOf(child: ChildProcess): Promise<ChildOutcome> {
  let [output, errors] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-10_000);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ failure: error.message }));
    child.on('close', (code, signal) => {
      const document = code === 0 ? parseOrUndefined(output) : undefined;
      if (document !== undefined) return resolve({ document });
      const ending = signal ? `ended by ${signal}` : `exit code ${code}`;
      resolve({ failure: [ending, errorMessage(errors)].filter(Boolean).join(': ') });
    });
  });
}

/** The last error message in the output on stderr, without its stack trace. */
function errorMessage(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  const own = lines.filter((line) => line.startsWith('handgrad: ')).at(-1);
  return (own ?? lines.at(-1) ?? '').replace(/^handgrad: /, '');
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isJobStep(message: unknown): message is JobStep {
  return typeof message === 'object' && message !== null && 'step' in message && 'maxSteps' in message;
}
