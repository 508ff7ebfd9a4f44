import type { Child } from './child.js';
import { deviation, tolerance } from './compare.js';
import type { PeerConfig } from './peers.js';
import type { Progress } from './progress.js';
import type { Reply } from './protocol.js';
import type { Job } from './tasks.js';

/** How long to measure. */
export interface Plan {
  rounds: number;
  /** The rounds that a peer takes part in whose runs last longer than LONG. */
  longRounds: number;
  /** How long each peer runs before it is timed, in seconds: compilers that work just in time need a few hundred runs. */
  warmUp: number;
  /** How long each peer is timed in a round, in seconds; at least one run. */
  seconds: number;
}

/** What became of a job in a peer's hands: a time, or why there is none. */
export interface Outcome {
  /** The median time of one run, in seconds. */
  seconds?: number;
  runs?: number;
  /** The median time of a run in each round, in seconds; nothing for rounds that it sat out. */
  rounds?: number[];
  /** How far its answers are from the judge's, relative to their largest. */
  deviation?: number;
  /** Why there is no time, as a sentence's second half: `has no batch norm`. */
  cannot?: string;
  error?: string;
}

/** Outcomes by peer's id. */
export type Outcomes = Map<string, Outcome>;

/** A peer whose process runs. */
export interface Player {
  config: PeerConfig;
  child: Child;
}

/** A run as long as this, in seconds, counts even as a peer's first: warming up is a small part of it. */
const LONG = 1;

/** A pause after a peer's turn, in milliseconds, for threads that wait for more work spin a moment before they sleep. */
const SETTLE = 60;

/**
 * Measures a job: every peer's answers are compared with the judge's, and those that agree are timed in rounds, one peer
 * at a time, so that a busy moment of the machine meets all of them.
 */
export async function measure(
  job: Job,
  players: readonly Player[],
  judge: Player,
  plan: Plan,
  progress: Progress,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  const expected = await answers(job, judge, progress);
  if (!('answers' in expected)) {
    const error = `there is nothing to compare with, for ${judge.config.label} failed: ${'error' in expected ? expected.error : expected.cannot}`;
    return new Map(players.map(({ config }) => [config.id, { error }]));
  }
  const timed: { player: Player; times: number[]; rounds: number[]; outcome: Outcome }[] = [];
  for (const player of players) {
    const given = player === judge ? expected : await answers(job, player, progress);
    const outcome: Outcome = 'answers' in given ? compared(job, given.answers, expected.answers) : given;
    outcomes.set(player.config.id, outcome);
    if (!('answers' in given) || outcome.error !== undefined) continue;
    timed.push({ player, times: given.times.filter((time) => time > LONG), rounds: [], outcome });
  }
  for (const { player, times, outcome } of timed) {
    if (times.some((time) => time > LONG)) continue;
    progress.say(`${job.title}: warming up ${player.config.label}`);
    const reply = await player.child.ask({ do: 'time', seconds: plan.warmUp }).catch(asError);
    if (!('times' in reply)) outcome.error = reasonOf(reply);
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const { player, times, rounds, outcome } of timed) {
      const sitsOut = round >= plan.longRounds && times.some((time) => time > LONG);
      if (outcome.error !== undefined || sitsOut) continue;
      progress.say(`${job.title}: round ${round + 1} of ${plan.rounds}, ${player.config.label}`);
      const reply = await player.child.ask({ do: 'time', seconds: plan.seconds }).catch(asError);
      if ('times' in reply) {
        times.push(...reply.times);
        rounds[round] = median(reply.times);
      } else outcome.error = reasonOf(reply);
      await new Promise((resolve) => setTimeout(resolve, SETTLE));
    }
  }
  for (const { times, rounds, outcome } of timed) {
    if (outcome.error === undefined) Object.assign(outcome, { seconds: median(times), runs: times.length, rounds });
  }
  for (const player of new Set([judge, ...players])) await player.child.ask({ do: 'close' }).catch(asError);
  return outcomes;
}

function compared(job: Job, given: readonly number[], expected: readonly number[]): Outcome {
  const distance = deviation(given, expected);
  if (distance <= tolerance(job.task)) return { deviation: distance };
  return { deviation: distance, error: `its answers are off by ${distance.toExponential(1)} of the largest` };
}

type Answers = { answers: number[]; times: number[] } | { cannot: string } | { error: string };

async function answers(job: Job, { config, child }: Player, progress: Progress): Promise<Answers> {
  if (job.long && config.slow) return { cannot: 'is too slow for it' };
  progress.say(`${job.title}: comparing the answers of ${config.label}`);
  const opened = await child.ask({ do: 'open', task: job.task }).catch(asError);
  if ('cannot' in opened) return { cannot: opened.cannot };
  if (!('opened' in opened)) return { error: reasonOf(opened) };
  const reply = await child.ask({ do: 'answers', runs: job.task.kind === 'train' ? 3 : 1 }).catch(asError);
  return 'answers' in reply ? reply : { error: reasonOf(reply) };
}

function asError(error: unknown): Reply {
  return { error: error instanceof Error ? error.message : String(error) };
}

function reasonOf(reply: Reply): string {
  return 'error' in reply ? reply.error : `answered ${Object.keys(reply).join()}`;
}

/** The middle one, or the upper of the two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
