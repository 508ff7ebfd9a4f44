import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIBRARY } from '../library.js';

/** Processes and folders that must not outlive this process, even after SIGKILL. See `cleanup-watchdog.ts`. */

const WATCHDOG = join(LIBRARY, 'lib', 'coursework', 'sandbox', 'cleanup-watchdog.js');
let watchdog: ChildProcess | undefined;

/** Makes sure that a process is killed when this process ends. */
export function killOnExit(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  tell(`+${pid}`);
  child.once('exit', () => tell(`-${pid}`));
}

/** A new temporary folder, removed when this process ends. Other users may enter it, but not list it. */
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

/** Starts the watchdog in a session of its own, so that signals from the terminal do not reach it. */
function start(): ChildProcess {
  const child = spawn(process.execPath, [WATCHDOG], { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env: {} });
  child.on('error', () => {}); // without it, child processes still end when their input ends
  child.stdin?.on('error', () => {});
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}
