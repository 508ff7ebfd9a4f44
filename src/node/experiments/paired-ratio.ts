/** Values of one arm of an experiment by seed. */
export type SeedValues = ReadonlyMap<unknown, number>;

/** Student's t for a two-sided interval of 90 %, by degrees of freedom from 1 up. From 10 on, the last is used: it is a little too wide. */
const T90 = [6.314, 2.92, 2.353, 2.132, 2.015, 1.943, 1.895, 1.86, 1.833, 1.812];

/** A claim that nothing is reduced holds if the ratio is above this: less than a fifth is not called a reduction. */
export const EQUIVALENCE_MARGIN = 0.8;

/** What a criterion that uses `pairedInterval` says. */
export const PAIRED_CRITERION =
  'The ratio is that of two runs with the same seed; its 90 % interval is that of the mean of the logarithms over the seeds (Student’s t).';

/** The ratio of two arms, and the interval in which it is. */
export interface PairedRatio {
  /** The geometric mean of the ratios. */
  ratio: number;
  low: number;
  high: number;
  seeds: number;
}

/**
 * The ratio a/b of runs with the same seed, with a 90 % interval. Logarithms are averaged, because the values span orders of
 * magnitude; pairs are compared, because a seed that starts high starts high in both arms.
 *
 * @returns undefined if there are fewer than two pairs, or the logarithms have no mean and spread: then nothing can be decided
 */
export function pairedInterval(a: SeedValues, b: SeedValues): PairedRatio | undefined {
  const logs = [...a].flatMap(([seed, value]) => {
    const other = b.get(seed);
    return other === undefined ? [] : [Math.log(value / other)];
  });
  if (logs.length < 2) return undefined;
  // All of them diverged in one arm alone: there is no spread, and no doubt.
  if (logs.every((log) => log === logs[0])) {
    const ratio = Math.exp(logs[0]);
    return Number.isNaN(ratio) ? undefined : { ratio, low: ratio, high: ratio, seeds: logs.length };
  }
  if (!logs.every(Number.isFinite)) return undefined;
  const mean = logs.reduce((total, log) => total + log, 0) / logs.length;
  const variance = logs.reduce((total, log) => total + (log - mean) ** 2, 0) / (logs.length - 1);
  const half = T90[Math.min(logs.length - 1, T90.length) - 1] * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half), seeds: logs.length };
}

/** Whether a ratio is below a bound: the whole interval is below, above, or null if the bound is inside. */
export function ratioBelow(interval: PairedRatio | undefined, bound = 1): boolean | null {
  if (!interval) return null;
  if (interval.high < bound) return true;
  return interval.low >= bound ? false : null;
}

/** `ratio 0.31 (0.12 to 0.8)`. */
export function ratioText(interval: PairedRatio | undefined): string {
  if (!interval) return 'no interval: fewer than two seeds, or values that are not finite';
  const [ratio, low, high] = [interval.ratio, interval.low, interval.high].map((value) =>
    Number.isFinite(value) ? String(Number(value.toPrecision(2))) : 'not finite',
  );
  return `ratio ${ratio} (${low} to ${high})`;
}
