import { readdirSync, readFileSync } from 'node:fs';

/** Measures the processor time of a process, so that time limits are fair on a busy machine. */

/** Clock ticks per second on Linux. */
const TICKS = 100;

/** How many times its limit a sleeping process may take. */
const PATIENCE = 4;

/** The milliseconds of a process and its descendants. */
interface Spent {
  /** Time on a processor. */
  computed: number;
  /** Time spent waiting for a free processor. */
  queued: number;
}

/**
 * Counts the milliseconds that a process uses from now on. Computing counts fully, waiting for a processor does not
 * count, and sleeping counts a quarter. Where the system does not report this, wall-clock time counts.
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
 * Calls back when a stopwatch reaches a limit.
 *
 * @returns a function that cancels the callback
 */
export function onExpiry(used: () => number, limit: number, expire: () => void): () => void {
  let stopped = false;
  const watch = () => {
    const left = limit - used();
    // This process may also have waited for a processor, so an answer that has already arrived counts.
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

/** The waiting time of the first thread, which runs JavaScript. 0 where the kernel does not count it. */
function queuedOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
