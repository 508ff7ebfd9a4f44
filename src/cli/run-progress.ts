import { testName } from '../node/runs/split.js';
import type { TrainConfig } from '../node/runs/train-config.js';
import type { HistoryEntry } from '../training/history.js';
import type { StepReport } from '../training/trainer-options.js';
import { type Console, duration, grouped } from './console.js';
import { tellParent } from './parent.js';

/** Shows a run as it goes: a bar on a terminal, and a line at each look at the test set. */
export class RunProgress {
  private readonly started = performance.now();
  private testing = 0;
  private lastStep = this.started;
  private samples = 0;
  private readonly maxSteps: number;
  private readonly tested: string;

  /** @param from the step that a resumed run goes on from */
  constructor(
    private readonly out: Console,
    { maxSteps, validation }: TrainConfig,
    private readonly from = 0,
  ) {
    this.maxSteps = maxSteps;
    this.tested = testName({ validation });
  }

  step(report: StepReport): void {
    this.samples += report.samples;
    this.lastStep = performance.now();
    tellParent({ step: report.step, maxSteps: this.maxSteps });
    const text = `step ${report.step}/${this.maxSteps}  loss ${report.loss.toFixed(3)}  accuracy ${report.accuracy.toFixed(3)}  ${this.speed(report.step)}`;
    this.out.silentProgress('training', report.step, this.maxSteps, text);
  }

  evaluation(entry: HistoryEntry): void {
    this.testing += performance.now() - this.lastStep;
    const width = String(this.maxSteps).length;
    this.out.note(
      `step ${String(entry.step).padStart(width)}/${this.maxSteps}  epoch ${entry.epoch}` +
        `  train loss ${entry.trainLoss.toFixed(4)} accuracy ${entry.trainAccuracy.toFixed(4)}` +
        `  ${this.tested} loss ${entry.testLoss.toFixed(4)} accuracy ${entry.testAccuracy.toFixed(4)}  ${this.speed(entry.step)}`,
    );
  }

  /** Seconds since the beginning. */
  seconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  private speed(step: number): string {
    const training = (performance.now() - this.started - this.testing) / 1000;
    const left = (this.seconds() / (step - this.from)) * (this.maxSteps - step);
    return `${grouped(this.samples / training)} images/s  ${step < this.maxSteps ? `${duration(left)} left` : ''}`.trimEnd();
  }
}
