import { rmSync } from 'node:fs';

/**
 * Outlives the process that started it by a moment, however that ended: kills the processes it was told of and removes the
 * folders. Told is a line on its input, `+` or `-` and a process's number or a folder's path; the input ends with the one at
 * its other end.
 */

const kept = new Set<string>();

function attempt(end: () => unknown): void {
  try {
    end();
  } catch {} // it has gone by itself
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {}); // those are for the other one

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
