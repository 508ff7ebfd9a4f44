import { type PanelPoint, pointOf } from '../../plots/panels.js';
import type { MeasurementFile } from '../measurement.js';
import type { SeedValues } from '../paired-ratio.js';
import { average, type MeanDeviation, meanDeviation, median } from '../statistics.js';
import { MLP_RATES } from './deep-mlp.js';
import { LINEAR_NET, type VariantResult } from './linear-network.js';
import { NORM_VARIANTS, type NormVariant } from './norm-variants.js';
import type { StepMeasures } from './step-measures.js';

/** The measurements of one variant, one per seed. */
export interface VariantSeries {
  variant: NormVariant;
  files: readonly MeasurementFile<VariantResult>[];
}

/** The variants of one net: the deep linear network, or the MLP at one step size. */
export interface NetSeries {
  name: string;
  linear: boolean;
  /** The step size. */
  rate: number;
  series: readonly VariantSeries[];
}

/** A quantity of a step. */
export type StepFigure = (measures: StepMeasures, index: number, result: VariantResult) => number;

/** The nets of some measurements. */
export function netSeries(files: readonly MeasurementFile<VariantResult>[]): NetSeries[] {
  const linear = { name: 'deep linear net', linear: true, rate: LINEAR_NET.learningRate };
  return [
    { ...linear, series: seriesOf(files.filter(({ settings }) => settings.net === 'linear')) },
    ...MLP_RATES.map((rate) => ({
      name: `MLP, rate ${rate}`,
      linear: false,
      rate,
      series: seriesOf(files.filter(({ settings }) => settings.net === 'mlp' && settings.rate === rate)),
    })),
  ].filter(({ series }) => series.length > 0);
}

function seriesOf(files: readonly MeasurementFile<VariantResult>[]): VariantSeries[] {
  return NORM_VARIANTS.map((variant) => ({
    variant,
    files: files.filter(({ settings }) => settings.arm === variant),
  })).filter(({ files }) => files.length > 0);
}

/** A quantity over the steps: its mean over the seeds, between the lowest and the highest. */
export function stepCurve({ files }: VariantSeries, figure: StepFigure): PanelPoint[] {
  const lengths = files.map(({ result }) => result.records.length);
  return Array.from({ length: Math.max(...lengths) }, (_, i) => {
    const results = files.flatMap(({ result }) => (i < result.records.length ? result : []));
    return pointOf(
      results[0].records[i].step,
      results.map((result) => figure(result.records[i], i, result)),
    );
  });
}

function medianOverSteps({ result }: MeasurementFile<VariantResult>, figure: StepFigure): number {
  return median(result.records.map((record, i) => figure(record, i, result)));
}

/** A quantity's median over the steps of a run, then mean and deviation over the seeds. */
export function medianOf({ files }: VariantSeries, figure: StepFigure): MeanDeviation {
  return meanDeviation(files.map((file) => medianOverSteps(file, figure)));
}

/** A quantity's median over the steps of each run, by seed. */
export function seedMedians({ files }: VariantSeries, figure: StepFigure): SeedValues {
  return new Map(files.map((file) => [file.settings.seed, medianOverSteps(file, figure)]));
}

/** A quantity at the last step, over the seeds. It is infinite if a run diverged. */
export function finalValue(series: VariantSeries, figure: StepFigure): MeanDeviation {
  return meanDeviation([...seedFinals(series, figure).values()]);
}

/** A quantity at the last step of each run, by seed. It is infinite if the run diverged. */
export function seedFinals({ files }: VariantSeries, figure: StepFigure): SeedValues {
  return new Map(
    files.map(({ settings, result }) => {
      const last = result.records.length - 1;
      const value = result.diverged === null ? figure(result.records[last], last, result) : Number.POSITIVE_INFINITY;
      return [settings.seed, value];
    }),
  );
}

/** ‖G − G′‖/‖G‖, the mean over the measured layers. */
export const relativeShift: StepFigure = ({ shifts }) =>
  average(shifts.map(({ difference, length }) => difference / length));

/** ‖G − G′‖, the mean over the measured layers. */
export const absoluteShift: StepFigure = ({ shifts }) => average(shifts.map(({ difference }) => difference));

/** The cosine of G and G′, the mean over the measured layers. */
export const shiftCosine: StepFigure = ({ shifts }) => average(shifts.map(({ cosine }) => cosine));

/** The range of the loss along the gradient, as a fraction of the loss. */
export const relativeRange: StepFigure = ({ landscape, loss }) => (landscape.high - landscape.low) / loss;

/** The largest change of the gradient along the gradient. */
export const predictiveness: StepFigure = ({ predictiveness }) => predictiveness.high;

/** The effective β. */
export const smoothness: StepFigure = ({ smoothness }) => smoothness;

/** The training loss. */
export const trainingLoss: StepFigure = ({ loss }) => loss;

/** For each run of a variant: η β, the step size times the effective smoothness, and the relative shift. */
export function shiftAndCurvature({ files }: VariantSeries, rate: number): [curvature: number, shift: number][] {
  return files.map((file) => [rate * medianOverSteps(file, smoothness), medianOverSteps(file, relativeShift)]);
}
