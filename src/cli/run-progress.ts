import type { RunConfig } from '../node/runs/run-config.js';
import { testName } from '../node/runs/split.js';
import { type HistoryEntry, testScore } from '../training/history.js';
import { scoreText } from '../training/score-text.js';
import type { StepReport } from '../training/trainer-options.js';
import { type Console, duration, grouped } from './console.js';
import { fittingParts } from './layout.js';
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

  /**
   * @param from the step at which a resumed run continues. Default: 0.
   * @param noun what the samples are called. Default: images.
   */
  constructor(
    private readonly out: Console,
    { maxSteps, validation }: RunConfig,
    private readonly from = 0,
    private readonly noun = 'images',
  ) {
    this.maxSteps = maxSteps;
    this.evaluated = testName({ validation });
  }

  step(report: StepReport): void {
    this.samples += report.samples;
    this.lastStep = performance.now();
    tellParent({ step: report.step, maxSteps: this.maxSteps });
    const { left, speed } = this.pace(report.step);
    const score = report.accuracy === undefined ? [] : [scoreText(report, 3)];
    const learned = [`loss ${report.loss.toFixed(3)}`, ...score];
    const text = [...learned, ...left, `step ${report.step}/${this.maxSteps}`, speed].join('  ');
    this.out.silentProgress('training', report.step, this.maxSteps, text);
  }

  evaluation(entry: HistoryEntry): void {
    this.evaluating += performance.now() - this.lastStep;
    const { left, speed } = this.pace(entry.step);
    const trained = entry.trainAccuracy === undefined ? [] : [scoreText({ accuracy: entry.trainAccuracy })];
    const parts = [
      `step ${String(entry.step).padStart(String(this.maxSteps).length)}/${this.maxSteps}`,
      `epoch ${entry.epoch}`,
      [`train loss ${entry.trainLoss.toFixed(4)}`, ...trained].join(' '),
      `${this.evaluated} loss ${entry.testLoss.toFixed(4)} ${scoreText(testScore(entry))}`,
      speed,
      ...left,
    ];
    this.out.note(fittingParts(parts, this.out.width, [0, 3, 2, 5, 1, 4]));
  }

  /** The time that is left, before the last step, and the speed without the evaluations. */
  private pace(step: number): { left: string[]; speed: string } {
    const elapsed = (performance.now() - this.started) / 1000;
    const training = elapsed - this.evaluating / 1000;
    const seconds = (elapsed / (step - this.from)) * (this.maxSteps - step);
    const left = step < this.maxSteps ? [`${duration(seconds)} left`] : [];
    return { left, speed: `${grouped(this.samples / training)} ${this.noun}/s` };
  }
}
