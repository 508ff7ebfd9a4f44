import type { Claim } from '../claims.js';
import type { MeasurementFile } from '../measurement.js';
import { formatMean, meanDeviation } from '../statistics.js';
import type { Start } from './transfer-plan.js';
import type { TransferHistory } from './transfer-training.js';

export type TransferFile = MeasurementFile<TransferHistory>;

/** The measurements of the target classes with one start and number of images, one per seed. */
export function transferFiles(files: readonly TransferFile[], start: Start, size: number): TransferFile[] {
  return files.filter(({ settings }) => settings.start === start && settings.size === size);
}

/** The numbers of training images per class, from the lowest. */
export function sizesOf(files: readonly TransferFile[]): number[] {
  const sizes = files.map(({ settings }) => settings.size).filter((size) => typeof size === 'number');
  return [...new Set(sizes)].sort((a, b) => a - b);
}

/** Which evaluation is meant. */
type When = 'first' | 'last';

export function accuracyAt({ result: { tests } }: TransferFile, when: When): number {
  return tests[when === 'first' ? 0 : tests.length - 1].accuracy;
}

/** How far the accuracy with one start is above that with another, for each seed that has both. */
function advantages(files: readonly TransferFile[], a: Start, b: Start, size: number, when: When): number[] {
  const others = transferFiles(files, b, size);
  return transferFiles(files, a, size).flatMap((file) => {
    const other = others.find(({ settings }) => settings.seed === file.settings.seed);
    return other ? accuracyAt(file, when) - accuracyAt(other, when) : [];
  });
}

/** Whether all values reach a number; undecided if only some do, or if there is only one value. */
export function allReach(values: readonly number[], least: number): boolean | null {
  if (values.length < 2) return null;
  const reached = values.filter((value) => value >= least).length;
  return reached === values.length ? true : reached === 0 ? false : null;
}

/** The claims about transfer, and their verdicts. Each compares nets of the same seed: the same images in the same order. */
export function transferClaims(files: readonly TransferFile[]): Claim[] {
  const sizes = sizesOf(files);
  if (sizes.length < 2) return [];
  const [few, many] = [sizes[0], sizes[sizes.length - 1]];
  const start = sizes.map((size) => advantages(files, 'full', 'scratch', size, 'first'));
  const end = sizes.map((size) => advantages(files, 'full', 'scratch', size, 'last'));
  const [endFew, endMany] = [end[0], end[end.length - 1]];
  const shrinks = endFew.length === endMany.length ? endFew.map((value, i) => value - endMany[i]) : [];
  const frozenFew = advantages(files, 'frozen', 'full', few, 'last');
  const fullMany = advantages(files, 'full', 'frozen', many, 'last');
  return [
    {
      claim: 'A net that has learned other classes starts better.',
      criterion:
        'accuracy at the first evaluation above that from scratch by 0.05, with every number of images and every seed',
      measured: sizes.map((size, i) => `${size} images ${differencesText(start[i])}`).join('; '),
      holds: start.some((values) => values.length < 2) ? null : allReach(start.flat(), 0.05),
    },
    {
      claim: 'With few images, it ends better.',
      criterion: `accuracy at the last step above that from scratch by 0.03, with ${few} images per class and every seed`,
      measured: differencesText(endFew),
      holds: allReach(endFew, 0.03),
    },
    {
      claim: 'With more images, less is left of the advantage at the end.',
      criterion: `the advantage at the last step is smaller with ${many} images per class than with ${few} by 0.02, with every seed`,
      measured: sizes.map((size, i) => `${size} images ${differencesText(end[i])}`).join('; '),
      holds: allReach(shrinks, 0.02),
    },
    {
      claim: 'With few images, frozen features are enough.',
      criterion: `with ${few} images per class, frozen features end no more than 0.01 below full fine-tuning, with every seed`,
      measured: differencesText(frozenFew),
      holds: allReach(frozenFew, -0.01),
    },
    {
      claim: 'With many images, full fine-tuning is better than frozen features.',
      criterion: `with ${many} images per class, full fine-tuning ends above frozen features by 0.02, with every seed`,
      measured: differencesText(fullMany),
      holds: allReach(fullMany, 0.02),
    },
  ];
}

/** `+0.0512 ± 0.0071`, over the seeds. */
function differencesText(values: readonly number[]): string {
  if (values.length === 0) return 'not measured';
  const { mean, deviation } = meanDeviation(values);
  const sign = mean < 0 ? '−' : '+';
  return sign + formatMean({ mean: Math.abs(mean), deviation });
}
