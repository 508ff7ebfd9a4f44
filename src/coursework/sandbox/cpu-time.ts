import { readdirSync, readFileSync } from 'node:fs';

/** What a process costs, fairly: the limits of submissions on a machine that has other things to do as well. */

/** Clock ticks a second, on every Linux there is. */
const TICKS = 100;

/** How much longer than its limit a process may take when it sleeps. */
const PATIENCE = 4;

/** Milliseconds of a process and those it started. */
interface Spent {
  /** In which a processor worked for them. */
  computed: number;
  /** In which they could have gone on, had there been a processor free. */
  queued: number;
}

/**
 * Milliseconds that a process has used from now on. It pays for what it computes, and not for what else the machine is doing;
 * asleep, it pays a quarter. Where the system does not tell, the clock counts.
 */
export function stopwatch(pid: number | undefined): () => number {
  const began = performance.now();
  const before = spentBy(pid) ?? { computed: 0, queued: 0 };
  return () => {
    const clock = performance.now() - began;
    const now = spentBy(pid);
    if (now === undefined) return clock;
    return Math.max(now.computed - before.computed, (clock - (now.queued - before.queued)) / PATIENCE);
  };
}

/**
 * Calls back when a stopwatch shows a limit.
 *
 * @returns what stops that
 */
export function onExpiry(used: () => number, limit: number, expire: () => void): () => void {
  let stopped = false;
  const watch = () => {
    const left = limit - used();
    // This process may have had to wait for a processor itself, and an answer that has come in meanwhile counts.
    if (left > 1) timer = setTimeout(watch, left);
    else setImmediate(() => stopped || expire());
  };
  let timer = setTimeout(watch, limit);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function spentBy(pid: number | undefined): Spent | undefined {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  try {
    return ofTree(pid);
  } catch {
    return undefined; // it has just ended
  }
}

function ofTree(pid: number): Spent {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const spent = { computed: (1000 * (Number(fields[11]) + Number(fields[12]))) / TICKS, queued: queuedOf(pid) };
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  for (const child of children) {
    const { computed, queued } = ofTree(Number(child));
    spent.computed += computed;
    spent.queued += queued;
  }
  return spent;
}

/** Of the first thread, which is JavaScript's; 0 where the kernel does not count it. */
function queuedOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
