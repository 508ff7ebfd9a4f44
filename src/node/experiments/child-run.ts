import { type ChildProcess, fork } from 'node:child_process';
import { flagsOf } from '../runs/setting-flags.js';
import type { RunPlan } from './plan.js';

/** How far a run is, as `handgrad train` tells the process that started it. */
export interface RunStep {
  step: number;
  maxSteps: number;
}

/** What every run of an experiment has in common. */
export interface RunSettings {
  /** The path of the program that `handgrad` is. */
  program: string;
  /** Flags that are not about the net: engine, threads, data. */
  flags: readonly string[];
  /** Ends the run. */
  signal: AbortSignal;
}

/** How a run ended: with the document that `handgrad train --json` prints, or with a sentence that says why not. */
export type RunOutcome = { document: unknown } | { failure: string };

/** Where a run is made, and whether it goes on with what an earlier try left there. */
export interface RunPlace {
  folder: string;
  resume: boolean;
}

/**
 * Runs `handgrad train` in a process of its own, so that a run of an experiment is what anyone gets who types its flags,
 * and one that dies takes no other with it.
 */
export function childRun(
  { config }: RunPlan,
  { folder, resume }: RunPlace,
  { program, flags, signal }: RunSettings,
  onStep: (step: RunStep) => void,
): Promise<RunOutcome> {
  const what = resume ? ['--resume', folder] : [...flagsOf(config), '--out', folder, '--force'];
  return childProcess(['train', ...what, ...flags, '--json'], { program, signal }, onStep);
}

/** Runs any command of `handgrad` in a process of its own, and reads the JSON document that it prints. */
export function childProcess(
  args: readonly string[],
  { program, signal }: Pick<RunSettings, 'program' | 'signal'>,
  onStep: (step: RunStep) => void,
): Promise<RunOutcome> {
  // Detached, so that the terminal's Ctrl-C does not reach it as well: a second signal would end it before its checkpoint.
  const child = fork(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [], detached: true });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  child.on('message', (message) => {
    if (isRunStep(message)) onStep(message);
  });
  return outcome(child).finally(() => signal.removeEventListener('abort', stop));
}

function outcome(child: ChildProcess): Promise<RunOutcome> {
  let [printed, complaints] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-10_000);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ failure: error.message }));
    child.on('close', (code, signal) => {
      const document = code === 0 ? parsed(printed) : undefined;
      if (document !== undefined) return resolve({ document });
      const ending = signal ? `ended by ${signal}` : `exit code ${code}`;
      resolve({ failure: [ending, lastSentence(complaints)].filter(Boolean).join(': ') });
    });
  });
}

/** The last line that says something; of a stack trace, the line above it. */
function lastSentence(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return (lines.filter((line) => line.startsWith('handgrad: ')).at(-1) ?? lines.at(-1) ?? '').replace(
    /^handgrad: /,
    '',
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRunStep(message: unknown): message is RunStep {
  return typeof message === 'object' && message !== null && 'step' in message && 'maxSteps' in message;
}
