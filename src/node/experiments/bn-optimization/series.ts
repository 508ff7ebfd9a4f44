import type { PartFile } from '../parts.js';
import { type Summary, summary } from '../summary.js';
import type { Arm } from './arms.js';
import type { ArmResult } from './linear-net.js';
import type { StepRecord } from './record.js';

/** The parts of one arm: one net trained in one way, with several seeds. */
export interface ArmSeries {
  arm: Arm;
  files: readonly PartFile<ArmResult>[];
}

/** What is shown of a step. */
export type Figure = (record: StepRecord, index: number, result: ArmResult) => number;

/** The parts that have some settings, by arm. */
export function seriesOf(
  files: readonly PartFile<ArmResult>[],
  arms: readonly Arm[],
  settings: Readonly<Record<string, unknown>>,
): ArmSeries[] {
  const wanted = Object.entries(settings);
  const fitting = files.filter((file) => wanted.every(([name, value]) => file.settings[name] === value));
  return arms
    .map((arm) => ({ arm, files: fitting.filter((file) => file.settings.arm === arm) }))
    .filter(({ files }) => files.length > 0);
}

/** A figure over the steps: its mean over the seeds, between the lowest and the highest. */
export function curve({ files }: ArmSeries, figure: Figure): { x: number; y: number; low: number; high: number }[] {
  const lengths = files.map(({ result }) => result.records.length);
  return Array.from({ length: Math.max(...lengths) }, (_, i) => {
    const there = files.filter(({ result }) => i < result.records.length);
    const values = there.map(({ result }) => figure(result.records[i], i, result));
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    return { x: there[0].result.records[i].step, y: mean, low: Math.min(...values), high: Math.max(...values) };
  });
}

/** A figure's median over the steps of a run. */
export function median({ result }: PartFile<ArmResult>, figure: Figure): number {
  const values = result.records.map((record, i) => figure(record, i, result));
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A figure's median over the steps of a run, then mean and deviation over the seeds. */
export function typical({ files }: ArmSeries, figure: Figure): Summary {
  return summary(files.map((file) => median(file, figure)));
}

/** The figure at the last step, over the seeds. */
export function final({ files }: ArmSeries, figure: Figure): Summary {
  return summary(
    files.map(({ result }) => {
      const last = result.records.length - 1;
      return result.diverged === null ? figure(result.records[last], last, result) : Number.POSITIVE_INFINITY;
    }),
  );
}

/** ‖G − G′‖/‖G‖, the mean over the layers behind others. */
export const relativeShift: Figure = ({ shifts }) => mean(shifts.map(({ difference, length }) => difference / length));

/** ‖G − G′‖, likewise. */
export const absoluteShift: Figure = ({ shifts }) => mean(shifts.map(({ difference }) => difference));

/** The cosine of G and G′, likewise. */
export const shiftCosine: Figure = ({ shifts }) => mean(shifts.map(({ cosine }) => cosine));

/** How far the loss goes along the gradient, against what it is. */
export const relativeRange: Figure = ({ landscape, loss }) => (landscape.high - landscape.low) / loss;

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** For each run of an arm: η β, the step size times the effective smoothness, and the relative shift. */
export function shiftAndCurvature({ files }: ArmSeries, rate: number): [curvature: number, shift: number][] {
  return files.map((file) => [rate * median(file, ({ smoothness }) => smoothness), median(file, relativeShift)]);
}
