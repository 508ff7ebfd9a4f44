import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIBRARY } from '../library.js';

/** What must not outlive this process, whatever ends it: SIGKILL leaves no time to clear up. See `guard.ts`. */

const WATCHDOG = join(LIBRARY, 'lib', 'coursework', 'sandbox', 'cleanup-watchdog.js');
let watchdog: ChildProcess | undefined;

/** Has a process killed when this one is gone. */
export function killOnExit(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  tell(`+${pid}`);
  child.once('exit', () => tell(`-${pid}`));
}

/** A new temporary folder, removed when this process is gone. Another user may go through it, and list nothing. */
export function scratchFolder(prefix: string): string {
  const path = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(path, 0o711);
  tell(`+${path}`);
  return path;
}

function tell(line: string): void {
  watchdog ??= start();
  watchdog.stdin?.write(`${line}\n`);
}

/** In a session of its own: what a terminal sends to this process and its children does not reach it. */
function start(): ChildProcess {
  const child = spawn(process.execPath, [WATCHDOG], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} });
  child.on('error', () => {}); // the processes see their input end, too
  child.stdin?.on('error', () => {});
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}
