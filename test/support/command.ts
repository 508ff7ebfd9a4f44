import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/cli/program.js';

const main = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));

/** What a command printed, and how it ended. */
export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** How a process is begun, beside its arguments. */
export interface Spawned {
  onStart?: (child: ChildProcess) => void;
  /** The size that no file can grow beyond, in KiB: what a full disk is to a program. */
  largestFile?: number;
}

/** Runs the built `handgrad` with the given arguments. */
export function handgrad(
  args: readonly string[],
  cwd: string,
  onStart?: (child: ChildProcess) => void,
): Promise<Outcome> {
  return node([main, ...args], cwd, { onStart });
}

/**
 * Runs `handgrad` in this process, for commands that only print or refuse: a process of its own takes ten times as long
 * to begin. tsx loads a second copy of what is imported only when it is needed, so that its errors count as bugs.
 */
export async function handgradHere(args: readonly string[], cwd: string): Promise<Outcome> {
  const { stdout, stderr } = process;
  const written: { stdout: string[]; stderr: string[] } = { stdout: [], stderr: [] };
  const writes = [stdout.write, stderr.write];
  const [folder, exitCode] = [process.cwd(), process.exitCode];
  const removeListeners = [process, stdout, stderr].map(newListeners);
  try {
    stdout.write = (text: string | Uint8Array) => written.stdout.push(String(text)) > 0;
    stderr.write = (text: string | Uint8Array) => written.stderr.push(String(text)) > 0;
    process.chdir(cwd);
    process.exitCode = 0;
    await runProgram(args);
    return { code: Number(process.exitCode), stdout: written.stdout.join(''), stderr: written.stderr.join('') };
  } finally {
    [stdout.write, stderr.write] = writes;
    process.chdir(folder);
    process.exitCode = exitCode;
    for (const remove of removeListeners) remove();
  }
}

/** Removes the listeners that an emitter got since this call. */
function newListeners(emitter: NodeJS.EventEmitter): () => void {
  const before = new Map(emitter.eventNames().map((name) => [name, emitter.listeners(name)]));
  return () => {
    for (const name of emitter.eventNames()) {
      for (const listener of emitter.listeners(name)) {
        if (!before.get(name)?.includes(listener)) emitter.off(name, listener as () => void);
      }
    }
  };
}

/** Runs Node with the given arguments. */
export function node(args: readonly string[], cwd: string, { onStart, largestFile }: Spawned = {}): Promise<Outcome> {
  const command = [process.execPath, ...args];
  const limited = ['bash', '-c', `ulimit -f ${largestFile} && exec "$@"`, 'bash', ...command];
  const [program, ...rest] = largestFile === undefined ? command : limited;
  const child = spawn(program, rest, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  onStart?.(child);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
