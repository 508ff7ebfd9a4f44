import type { RunConfig } from '../node/runs/run-config.js';
import { testName } from '../node/runs/split.js';
import type { HistoryEntry } from '../training/history.js';
import type { StepReport } from '../training/trainer-options.js';
import { type Console, duration, grouped } from './console.js';
import { tellParent } from './parent-process.js';

/** Shows a run while it goes on: a bar on a terminal, and a line at each evaluation. */
export class RunProgress {
  private readonly started = performance.now();
  /** Milliseconds in evaluations. */
  private evaluating = 0;
  private lastStep = this.started;
  private samples = 0;
  private readonly maxSteps: number;
  private readonly evaluated: string;

  /** @param from the step at which a resumed run continues. Default: 0. */
  constructor(
    private readonly out: Console,
    { maxSteps, validation }: RunConfig,
    private readonly from = 0,
  ) {
    this.maxSteps = maxSteps;
    this.evaluated = testName({ validation });
  }

  step(report: StepReport): void {
    this.samples += report.samples;
    this.lastStep = performance.now();
    tellParent({ step: report.step, maxSteps: this.maxSteps });
    const text = `step ${report.step}/${this.maxSteps}  loss ${report.loss.toFixed(3)}  accuracy ${report.accuracy.toFixed(3)}  ${this.speed(report.step)}`;
    this.out.silentProgress('training', report.step, this.maxSteps, text);
  }

  evaluation(entry: HistoryEntry): void {
    this.evaluating += performance.now() - this.lastStep;
    const width = String(this.maxSteps).length;
    this.out.note(
      `step ${String(entry.step).padStart(width)}/${this.maxSteps}  epoch ${entry.epoch}` +
        `  train loss ${entry.trainLoss.toFixed(4)} accuracy ${entry.trainAccuracy.toFixed(4)}` +
        `  ${this.evaluated} loss ${entry.testLoss.toFixed(4)} accuracy ${entry.testAccuracy.toFixed(4)}  ${this.speed(entry.step)}`,
    );
  }

  private speed(step: number): string {
    const elapsed = (performance.now() - this.started) / 1000;
    const training = elapsed - this.evaluating / 1000;
    const left = (elapsed / (step - this.from)) * (this.maxSteps - step);
    return `${grouped(this.samples / training)} images/s  ${step < this.maxSteps ? `${duration(left)} left` : ''}`.trimEnd();
  }
}
