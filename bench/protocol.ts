import type { Task } from './tasks.js';

/**
 * The lines of JSON between the parent and a peer's process. The parent writes requests to the peer's standard input
 * and reads replies from its descriptor 3, one line each, so that whatever a library prints disturbs nothing.
 * The peer's first line is a reply too, of the kind `ready`.
 */
export type Request =
  | { do: 'open'; task: Task }
  | { do: 'answers'; runs: number }
  | { do: 'time'; seconds: number }
  | { do: 'close' };

export type Reply =
  /** The peer has started: the versions of what it uses. */
  | { ready: Record<string, string> }
  | { opened: true }
  /** The answers of so many runs, one after the other (of a long one, SAMPLES numbers spread evenly over it), and the
   * times of these runs. */
  | { answers: number[]; times: number[] }
  /** Times of single runs; all times are in seconds. */
  | { times: number[] }
  | { closed: true }
  /** What the peer is not made for, as a sentence's second half: `has no batch norm`. */
  | { cannot: string }
  | { error: string };

/** How many numbers of a long answer are compared. */
export const SAMPLES = 64;

/** Where the i-th of the compared numbers lies in an answer of so many. */
export function samplePosition(i: number, length: number): number {
  return Math.floor((i * (length - 1)) / (SAMPLES - 1));
}
