import type { RunStep } from '../../node/experiments/child-run.js';
import type { FinishedRun } from '../../node/experiments/finished.js';
import { type RunPlan, workOf } from '../../node/experiments/plan.js';
import { testName } from '../../node/runs/split.js';
import { Console, duration } from '../console.js';

/**
 * Shows on stderr how an experiment gets on: a line when a run begins, ends or fails, a bar over all of them on a terminal,
 * and elsewhere a line at every tenth of a run, at most one in ten seconds.
 */
export class RunsProgress {
  private readonly out = new Console(true);
  private readonly started = performance.now();
  private readonly shares = new Map<string, number>();
  private readonly work: ReadonlyMap<string, number>;
  private ended = 0;
  private kept = 0;
  private lastLine = this.started;

  constructor(private readonly plans: readonly RunPlan[]) {
    this.work = new Map(plans.map((plan) => [plan.name, workOf(plan)]));
  }

  keep({ name, config, last }: FinishedRun): void {
    this.ended++;
    this.shares.set(name, 1);
    this.kept += this.work.get(name) ?? 0;
    this.out.say(`${name}: kept, ${testName(config)} accuracy ${last.testAccuracy.toFixed(4)}`);
  }

  start({ name, config }: RunPlan): void {
    this.shares.set(name, 0);
    this.out.say(`${name}: begins, ${config.maxSteps} steps`);
  }

  step({ name }: RunPlan, { step, maxSteps }: RunStep): void {
    const before = this.shares.get(name) ?? 0;
    this.shares.set(name, step / maxSteps);
    this.out.silentProgress('experiment', this.done(), this.total(), this.text());
    const tenth = (share: number) => Math.floor(10 * share);
    if (tenth(step / maxSteps) > tenth(before)) this.line(`${name}: step ${step}/${maxSteps}; ${this.text()}`);
  }

  finish({ name, config, last, best, effort }: FinishedRun): void {
    this.end(name);
    this.out.say(
      `${name}: ${testName(config)} accuracy ${last.testAccuracy.toFixed(4)}, best ${best.testAccuracy.toFixed(4)} at step ${best.step}, ` +
        `after ${duration(effort.seconds)}; ${this.text()}`,
    );
  }

  fail({ name }: RunPlan, failure: string): void {
    this.end(name);
    this.out.say(`${name}: FAILED, ${failure}`);
  }

  say(line: string): void {
    this.out.say(line);
  }

  close(): void {
    this.out.endProgress();
  }

  /** Says how a run gets on where there is no bar for it, not too often. */
  private line(text: string): void {
    const now = performance.now();
    if (process.stderr.isTTY || now - this.lastLine < 10_000) return;
    this.lastLine = now;
    this.out.say(text);
  }

  private end(name: string): void {
    this.ended++;
    this.shares.set(name, 1);
  }

  private text(): string {
    const [done, total] = [this.done(), this.total()];
    const seconds = (performance.now() - this.started) / 1000;
    const worked = done - this.kept;
    const left = worked > 0 && done < total ? `, ${duration((seconds / worked) * (total - done))} left` : '';
    return `${this.ended} of ${this.plans.length} runs done${left}`;
  }

  private done(): number {
    let sum = 0;
    for (const [name, share] of this.shares) sum += share * (this.work.get(name) ?? 0);
    return sum;
  }

  private total(): number {
    let sum = 0;
    for (const work of this.work.values()) sum += work;
    return sum;
  }
}
