import type { Task } from './tasks.js';

/**
 * The lines of JSON between the parent and the process of a library. The parent writes requests to its standard input
 * and reads replies from its file descriptor 3, one line each, so that the output of a library does not interfere.
 * The first line of the process is a reply of the kind `ready`.
 */
export type Request =
  | { do: 'open'; task: Task }
  | { do: 'answers'; runs: number }
  | { do: 'time'; seconds: number }
  | { do: 'close' };

export type Reply =
  /** The process has started: the versions of its packages. */
  | { ready: Record<string, string> }
  | { opened: true }
  /**
   * The results of some runs, one after the other (of a long one, SAMPLES numbers spread evenly over it), and the
   * times of these runs.
   */
  | { answers: number[]; times: number[] }
  /** Times of single runs; all times are in seconds. */
  | { times: number[] }
  | { closed: true }
  /** What the library cannot do, as the second half of a sentence: `has no batch norm`. */
  | { cannot: string }
  | { error: string };

/** The number of compared numbers of a long result. */
export const SAMPLES = 64;

/** The position of the i-th compared number in a result of the given length. */
export function samplePosition(i: number, length: number): number {
  return Math.floor((i * (length - 1)) / (SAMPLES - 1));
}

/** Equally many numbers of each of several results, spread evenly, SAMPLES at most in all. */
export function samplesOfEach(results: readonly ArrayLike<number>[]): number[] {
  const count = Math.floor(SAMPLES / results.length);
  return results.flatMap((result) =>
    Array.from({ length: count }, (_, i) => result[Math.floor((i * (result.length - 1)) / (count - 1))]),
  );
}
