import { messageOf } from '../../array/index.js';
import type { ChildOutcome } from './child-process.js';
import { assertDistinctNames, type FailedJob, type Job, type JobStep } from './job.js';

/** Is told what happens to the jobs. */
export interface JobListener<Result> {
  onKept?(job: Job<Result>, result: Result): void;
  onStart?(job: Job<Result>): void;
  onStep?(job: Job<Result>, step: JobStep): void;
  onFinish?(job: Job<Result>, result: Result): void;
  onFail?(job: Job<Result>, failure: string): void;
}

/** How the scheduler runs jobs. */
export interface SchedulerOptions<Result> {
  /** The folder of the experiment. */
  out: string;
  /** The name of the experiment. */
  experiment: string;
  /** The flags of the experiment that choose its jobs. */
  flags: readonly string[];
  /** How many jobs run side by side. */
  jobs: number;
  /** Keep finished jobs, and continue those that an earlier process began. */
  resume: boolean;
  /** The version of handgrad. */
  version: string;
  /** Starts no further job once it is aborted. */
  signal: AbortSignal;
  /** Runs a `handgrad` command in a child process. */
  run(args: readonly string[], onStep: (step: JobStep) => void): Promise<ChildOutcome>;
  listener?: JobListener<Result>;
}

/**
 * Runs the jobs of an experiment, several side by side, each in a child process. The longest start first, so that
 * none of them is left over at the end. A job that needs the result of another waits for it. If a job fails, the others
 * go on, except those that need its result: they fail too.
 *
 * @returns the results in the order of the jobs, and the jobs that failed
 * @throws InputError if two jobs have the same name
 */
export async function runJobs<Result>(
  jobs: readonly Job<Result>[],
  options: SchedulerOptions<Result>,
): Promise<{ results: Result[]; failed: FailedJob[] }> {
  assertDistinctNames(jobs);
  const results = new Map<string, Result>();
  for (const job of options.resume ? jobs : []) {
    const result = await job.load(options.out);
    if (result === undefined) continue;
    results.set(job.name, result);
    options.listener?.onKept?.(job, result);
  }
  const failed: FailedJob[] = [];
  const queue = jobs.filter(({ name }) => !results.has(name)).sort((a, b) => b.cost - a.cost);
  const running = new Map<string, Promise<void>>();
  const isOpen = (name: string) => running.has(name) || queue.some((job) => job.name === name);
  const run = async (job: Job<Result>) => {
    const lacks = job.after !== undefined && !results.has(job.after);
    const outcome = lacks ? withoutResult(job, options) : await runJob(job, options);
    if ('failure' in outcome) failed.push({ name: job.name, failure: outcome.failure });
    else results.set(job.name, outcome.result);
  };
  while ((queue.length > 0 && !options.signal.aborted) || running.size > 0) {
    const free = options.signal.aborted ? 0 : options.jobs - running.size;
    const next = free > 0 ? queue.findIndex(({ after }) => after === undefined || !isOpen(after)) : -1;
    if (next !== -1) {
      const [job] = queue.splice(next, 1);
      running.set(
        job.name,
        run(job).finally(() => running.delete(job.name)),
      );
    } else if (running.size > 0) await Promise.race(running.values());
    else throw new Error(`the jobs ${queue.map(({ name }) => name).join(', ')} wait for each other`);
  }
  return { results: jobs.flatMap(({ name }) => results.get(name) ?? []), failed };
}

type JobOutcome<Result> = { result: Result } | { failure: string };

/** The outcome of a job that needs the result of another, which failed. */
function withoutResult<Result>(job: Job<Result>, { listener }: SchedulerOptions<Result>): { failure: string } {
  const failure = `it needs the result of ${job.after}, which there is none of`;
  listener?.onFail?.(job, failure);
  return { failure };
}

async function runJob<Result>(job: Job<Result>, options: SchedulerOptions<Result>): Promise<JobOutcome<Result>> {
  const { out, listener, signal, run } = options;
  await job.clear(out);
  listener?.onStart?.(job);
  const resume = options.resume && (await job.canResume(out));
  const child = await run(job.command({ ...options, resume }), (step) => listener?.onStep?.(job, step));
  const outcome = 'failure' in child ? child : await finishJob(job, child.document, resume, options);
  if ('result' in outcome) listener?.onFinish?.(job, outcome.result);
  else if (!signal.aborted) listener?.onFail?.(job, outcome.failure);
  return outcome;
}

async function finishJob<Result>(
  job: Job<Result>,
  document: unknown,
  resumed: boolean,
  { out, version, jobs }: SchedulerOptions<Result>,
): Promise<JobOutcome<Result>> {
  try {
    await job.finish(out, document, { handgrad: version, jobs, resumed });
  } catch (error) {
    return { failure: messageOf(error) };
  }
  const result = await job.load(out);
  return result === undefined ? { failure: 'the process ended without a complete result' } : { result };
}
