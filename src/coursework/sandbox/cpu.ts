import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second, on every Linux there is. */
const TICKS = 100;

/**
 * Milliseconds of processor time that a process and those it started have used; undefined where the system does not say. A
 * submission pays for what it computes, and not for what else the machine is doing.
 */
export function processorTime(pid: number | undefined): number | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    return timeOfTree(pid);
  } catch {
    return undefined; // it has just ended
  }
}

function timeOfTree(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const own = (1000 * (Number(fields[11]) + Number(fields[12]))) / TICKS;
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.reduce((sum, child) => sum + timeOfTree(Number(child)), own);
}
