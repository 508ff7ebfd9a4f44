import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

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
