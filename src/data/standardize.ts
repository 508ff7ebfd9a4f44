import { astype, divide, mean, type NdArray, sqrt, square, subtract, zipWith } from '../array/index.js';

/** The mean and the standard deviation of each column of some rows. */
export interface ColumnStatistics {
  /** In the shape of a row, float64. */
  mean: NdArray;
  /** In the shape of a row, float64. 1 for a column whose values are all equal. */
  deviation: NdArray;
}

const ROUNDING = 1e-13;

/**
 * The mean $\mu$ and the standard deviation $\sigma$ of each column, in two passes so that values far from 0 lose no
 * digits. $(x - \mu) / \sigma$ then has mean 0 and variance 1, in any unit of the columns.
 *
 * @param x (N, …), one row per sample
 */
export function columnStatistics(x: NdArray): ColumnStatistics {
  const exact = astype(x, 'float64');
  const center = mean(exact, { axis: 0 }); // (…)
  const variance = mean(square(subtract(exact, center)), { axis: 0 }); // (…)
  // The rounding of a mean gives equal values a tiny variance.
  const usable = (sigma: number, mu: number) => (sigma > ROUNDING * Math.abs(mu) ? sigma : 1);
  return { mean: center, deviation: zipWith(sqrt(variance), center, usable) };
}

/** Rows with mean 0 and standard deviation 1 in each column, as `columnStatistics` of the training rows say. */
export function standardized(x: NdArray, { mean, deviation }: ColumnStatistics): NdArray {
  return divide(subtract(astype(x, 'float64'), mean), deviation); // (N, …)
}
