import type { Child } from './child.js';
import { agrees, deviation } from './compare.js';
import type { PeerConfig } from './peers.js';
import type { Progress } from './progress.js';
import type { Reply } from './protocol.js';
import type { Job } from './tasks.js';

/** The length of the measurements. */
export interface Plan {
  rounds: number;
  /** The number of rounds for a library whose runs take longer than LONG. */
  longRounds: number;
  /** The warm-up of each library, in seconds. Just-in-time compilers need a few hundred runs. */
  warmUp: number;
  /** The time of each library in a round, in seconds; at least one run. */
  seconds: number;
}

/** The result of a job for a library: a time, or the reason why there is no time. */
export interface Outcome {
  /** The median time of one run, in seconds. */
  seconds?: number;
  runs?: number;
  /** The median time of a run in each round, in seconds. Undefined for rounds without this library. */
  rounds?: number[];
  /** The difference of its results from the reference, relative to the largest result. */
  deviation?: number;
  /** The reason why there is no time, as the second half of a sentence: `has no batch norm`. */
  cannot?: string;
  error?: string;
}

/** Outcomes by the id of the library. */
export type Outcomes = Map<string, Outcome>;

/** A library whose process is running. */
export interface Player {
  config: PeerConfig;
  child: Child;
}

/** A run that takes longer than this, in seconds, counts without a warm-up, which would be a small part of it. */
const LONG = 1;

/** The pause after each library, in milliseconds: threads that wait for more work spin before they sleep. */
const SETTLE = 60;

/**
 * Measures a job. The results of every library are compared with the reference. Those that agree are timed in rounds,
 * one library at a time, so that a busy moment of the machine affects all of them.
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
    const given = await answers(job, player, progress);
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
  for (const player of [judge, ...players]) await player.child.ask({ do: 'close' }).catch(asError);
  return outcomes;
}

function compared(job: Job, given: readonly number[], expected: readonly number[]): Outcome {
  const distance = deviation(given, expected);
  if (agrees(job.task, given, expected)) return { deviation: distance };
  return { deviation: distance, error: `its answers are off by ${distance.toExponential(1)} of the largest` };
}

type Answers = { answers: number[]; times: number[] } | { cannot: string } | { error: string };

async function answers(job: Job, { config, child }: Player, progress: Progress): Promise<Answers> {
  progress.say(`${job.title}: comparing the answers of ${config.label}`);
  const opened = await child.ask({ do: 'open', task: job.task }).catch(asError);
  if ('cannot' in opened) return { cannot: opened.cannot };
  if (!('opened' in opened)) return { error: reasonOf(opened) };
  if (job.long && config.slow) return { cannot: 'is too slow for it' };
  const reply = await child.ask({ do: 'answers', runs: job.task.kind.startsWith('train') ? 3 : 1 }).catch(asError);
  return 'answers' in reply ? reply : { error: reasonOf(reply) };
}

function asError(error: unknown): Reply {
  return { error: error instanceof Error ? error.message : String(error) };
}

function reasonOf(reply: Reply): string {
  return 'error' in reply ? reply.error : `answered ${Object.keys(reply).join()}`;
}

/** The median, or the upper of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
