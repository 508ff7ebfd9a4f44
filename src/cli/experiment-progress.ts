import type { Job, JobStep } from '../node/experiments/job.js';
import type { JobListener } from '../node/experiments/scheduler.js';
import { Console, duration } from './console.js';

/** Seconds between two lines about steps, without a terminal. */
const QUIET_SECONDS = 10;

/**
 * Shows the progress of an experiment on stderr: a line when a job starts, ends or fails, and a bar for all of them.
 * Without a terminal, a line at every tenth of a job takes the place of the bar, at most one in ten seconds.
 */
export class ExperimentProgress {
  private readonly out = new Console(true);
  private jobs: readonly Job<unknown>[] = [];
  /** The finished fraction of each job that has started. */
  private readonly fractions = new Map<string, number>();
  private readonly startTimes = new Map<string, number>();
  private started = 0;
  private lastLine = 0;
  private ended = 0;
  private keptCost = 0;

  /** Announces the jobs and returns the listener for them. */
  begin(jobs: readonly Job<unknown>[], folder: string, sideBySide: number): JobListener<unknown> {
    this.jobs = jobs;
    this.started = this.lastLine = performance.now();
    this.say(`${jobs.length} run${jobs.length === 1 ? '' : 's'} in ${folder}, ${sideBySide} at a time`);
    return {
      onKept: (job, result) => this.keep(job, result),
      onStart: ({ name }) => {
        this.fractions.set(name, 0);
        this.startTimes.set(name, performance.now());
        this.say(`${name}: started`);
      },
      onStep: (job, step) => this.step(job, step),
      onFinish: (job, result) => {
        this.end(job);
        const seconds = (performance.now() - (this.startTimes.get(job.name) ?? 0)) / 1000;
        this.say(`${job.name}: ${job.describe(result)}, finished in ${duration(seconds)}; ${this.text()}`);
      },
      onFail: (job, failure) => {
        this.end(job);
        this.say(`${job.name}: FAILED, ${failure}`);
      },
    };
  }

  say(line: string): void {
    this.out.say(line);
  }

  close(): void {
    this.out.endProgress();
  }

  private keep(job: Job<unknown>, result: unknown): void {
    this.end(job);
    this.keptCost += job.cost;
    this.say(`${job.name}: kept, ${job.describe(result)}`);
  }

  private step({ name }: Job<unknown>, { step, maxSteps }: JobStep): void {
    const before = this.fractions.get(name) ?? 0;
    this.fractions.set(name, step / maxSteps);
    this.out.silentProgress('experiment', this.doneCost(), this.totalCost(), this.text());
    const now = performance.now();
    const newTenth = Math.floor((10 * step) / maxSteps) > Math.floor(10 * before);
    if (!newTenth || process.stderr.isTTY || now - this.lastLine < 1000 * QUIET_SECONDS) return;
    this.lastLine = now;
    this.say(`${name}: step ${step}/${maxSteps}; ${this.text()}`);
  }

  private end({ name }: Job<unknown>): void {
    this.ended++;
    this.fractions.set(name, 1);
  }

  /** `3 of 7 runs done, 5 min left`. */
  private text(): string {
    const [done, total] = [this.doneCost(), this.totalCost()];
    const seconds = (performance.now() - this.started) / 1000;
    const computed = done - this.keptCost;
    const left = computed > 0 && done < total ? `, ${duration((seconds / computed) * (total - done))} left` : '';
    return `${this.ended} of ${this.jobs.length} runs done${left}`;
  }

  private doneCost(): number {
    return this.jobs.reduce((sum, { name, cost }) => sum + cost * (this.fractions.get(name) ?? 0), 0);
  }

  private totalCost(): number {
    return this.jobs.reduce((sum, { cost }) => sum + cost, 0);
  }
}
