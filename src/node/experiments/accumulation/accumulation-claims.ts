import type { Claim } from '../claims.js';
import type { MeasurementFile } from '../measurement.js';
import { compareGradients, type GradientComparison, type Weighting } from './gradient-comparison.js';
import type { MemoryUse } from './memory-measurement.js';

const EQUAL = [32, 32, 32, 32];
/** The last micro-batch is smaller, as at the end of an epoch. */
const UNEQUAL = [40, 40, 40, 8];

/** Every comparison of the report, all with the same small net. */
export function gradientComparisons(): GradientComparison[] {
  return [
    ...(['none', 'layer', 'batch'] as const).map((norm) => compareGradients(norm, EQUAL, 'share')),
    ...(['mean', 'sum'] as const).map((weighting) => compareGradients('none', EQUAL, weighting)),
    ...(['share', 'mean', 'sum'] as const).map((weighting) => compareGradients('none', UNEQUAL, weighting)),
  ];
}

/** The claims about accumulation, and their verdicts. */
export function accumulationClaims(
  compared: readonly GradientComparison[],
  files: readonly MeasurementFile<MemoryUse>[],
): Claim[] {
  const relative = (norm: string, parts: readonly number[], weighting: Weighting) =>
    compared.find((each) => each.norm === norm && each.parts === parts && each.weighting === weighting)?.relative ??
    Number.NaN;
  const worst = Math.max(relative('none', EQUAL, 'share'), relative('layer', EQUAL, 'share'));
  const batchNorm = relative('batch', EQUAL, 'share');
  const [mean, meanUnequal] = [relative('none', EQUAL, 'mean'), relative('none', UNEQUAL, 'mean')];
  const sum = relative('none', EQUAL, 'sum');
  const bySize = [...files]
    .sort((a, b) => microBatch(a) - microBatch(b))
    .map(({ result }) => result.peak - result.before);
  const [small, large] = [bySize[0], bySize[bySize.length - 1]];
  return [
    {
      claim: 'Without a norm and with layer norm, 4 × 32 has the gradient of 128.',
      criterion: 'relative distance below 1e-12 (float64)',
      measured: `at most ${exponential(worst)}`,
      holds: worst < 1e-12,
    },
    {
      claim: 'With batch norm it does not: each micro-batch has its own statistics.',
      criterion: 'relative distance above 0.01',
      measured: exponential(batchNorm),
      holds: batchNorm > 0.01,
    },
    {
      claim: 'The mean of the mean losses is correct only if all micro-batches have the same size.',
      criterion: 'below 1e-12 for 4 × 32, above 0.01 for 40, 40, 40, 8',
      measured: `${exponential(mean)} and ${exponential(meanUnequal)}`,
      holds: mean < 1e-12 && meanUnequal > 0.01,
    },
    {
      claim: 'Without a division, the gradient is too long by a factor of the number of micro-batches.',
      criterion: 'relative distance of 3 for four equal micro-batches, to 1e-9',
      measured: sum.toFixed(9),
      holds: Math.abs(sum - 3) < 1e-9,
    },
    {
      claim: 'Smaller micro-batches need less memory for the same step.',
      criterion: 'the peak memory above that before training is lower at the smallest size than at the largest',
      measured: `${small.toFixed(0)} MiB and ${large.toFixed(0)} MiB`,
      holds: small < large,
    },
  ];
}

/** The size of the micro-batches in a measurement. */
export function microBatch({ settings }: MeasurementFile<MemoryUse>): number {
  return Number(settings.size);
}

/** `4.7e-16`. */
export function exponential(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
