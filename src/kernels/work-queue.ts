import { numbersOf, partOfTask, type ThreadTask, taskOf } from './thread-task.js';

/** Positions in the queue's memory: three 32-bit counters, then the task as float64 numbers. */
const TICKET = 0;
const READY = 1;
const FINISHED = 2;
const TASK_BYTE = 16;
const QUEUE_BYTES = 256;

/** The maximum number of parts of a task: a ticket has 8 bits for the next part. */
export const MAX_PARTS = 255;
/**
 * How often a thread checks for work before it sleeps. This takes about a millisecond, since tasks follow each other
 * quickly.
 */
const SPINS = 200_000;

/**
 * The work queue of the threads, in memory that they share: one task, cut into parts. Each thread takes the next
 * part until none is left, so no thread waits for one that starts late. Parts are released one by one, when their
 * operands have been copied.
 *
 * A ticket is one word with the number of the task (24 bits) and its next part (8 bits). A thread takes it with
 * compare-and-exchange, so a thread that slept through the end of a task cannot take a part of the next one with
 * the old numbers. The number of released parts is a second word, which also contains the number of the task. A
 * part can be taken only if the two words are of the same task.
 */
export class WorkQueue {
  private readonly counters: Int32Array;
  private readonly numbers: Float64Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(QUEUE_BYTES)) {
    this.counters = new Int32Array(memory);
    this.numbers = new Float64Array(memory, TASK_BYTE);
  }

  /**
   * Posts a task in at most `MAX_PARTS` parts, none of them released yet. The previous task must be finished.
   */
  post(task: ThreadTask, parts: number): void {
    const number = ((Atomics.load(this.counters, TICKET) >>> 8) + 1) << 8;
    Atomics.store(this.counters, TICKET, number);
    this.numbers.set([parts, ...numbersOf(task)]);
    Atomics.store(this.counters, FINISHED, 0);
    Atomics.store(this.counters, READY, number);
  }

  /** Releases the first `parts` parts, and wakes the threads. */
  release(parts: number): void {
    Atomics.store(this.counters, READY, (Atomics.load(this.counters, READY) & ~0xff) | parts);
    Atomics.notify(this.counters, READY);
  }

  /** Takes and computes parts until no released part is left. */
  work(run: (part: ThreadTask) => void): void {
    for (;;) {
      const ticket = Atomics.load(this.counters, TICKET);
      if (!isOpen(ticket, Atomics.load(this.counters, READY))) return;
      const [parts, ...numbers] = this.numbers;
      if (Atomics.compareExchange(this.counters, TICKET, ticket, ticket + 1) !== ticket) continue;
      run(partOfTask(taskOf(numbers), ticket & 0xff, parts));
      Atomics.add(this.counters, FINISHED, 1);
      Atomics.notify(this.counters, FINISHED);
    }
  }

  /**
   * Blocks until a part is released. It first checks in a loop, because waking a thread takes longer than many parts
   * do.
   */
  waitForWork(): void {
    let ready = 0;
    for (let spin = 0; spin < SPINS; spin++) {
      ready = Atomics.load(this.counters, READY);
      if (isOpen(Atomics.load(this.counters, TICKET), ready)) return;
    }
    Atomics.wait(this.counters, READY, ready);
  }

  /** Blocks until all parts are finished. Returns false if no part was finished for `timeout` milliseconds. */
  waitForAll(timeout: number): boolean {
    for (;;) {
      const finished = Atomics.load(this.counters, FINISHED);
      if (finished >= this.numbers[0]) return true;
      if (Atomics.wait(this.counters, FINISHED, finished, timeout) === 'timed-out') return false;
    }
  }
}

/** Whether the next part belongs to the current task and is released. */
function isOpen(ticket: number, ready: number): boolean {
  return ticket >>> 8 === ready >>> 8 && (ticket & 0xff) < (ready & 0xff);
}
