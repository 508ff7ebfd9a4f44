import { rmSync } from 'node:fs';

/**
 * Cleans up after its parent, no matter how the parent ends: kills the registered processes and removes the
 * registered folders. Each line of its input registers (`+`) or unregisters (`-`) a process id or a folder's path.
 * The input ends when the parent does.
 */

const kept = new Set<string>();

function attempt(end: () => unknown): void {
  try {
    end();
  } catch {} // it is already gone
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {}); // those are meant for the parent

let pending = '';
process.stdin.setEncoding('utf8').on('data', (text: string) => {
  const lines = (pending + text).split('\n');
  pending = lines.pop() ?? '';
  for (const line of lines) {
    if (line.startsWith('+')) kept.add(line.slice(1));
    else kept.delete(line.slice(1));
  }
});
process.stdin.on('end', () => {
  const isProcess = (what: string) => /^\d+$/.test(what);
  for (const pid of [...kept].filter(isProcess)) attempt(() => process.kill(Number(pid), 'SIGKILL'));
  for (const path of [...kept].filter((what) => !isProcess(what))) {
    attempt(() => rmSync(path, { recursive: true, force: true, maxRetries: 5 }));
  }
});
