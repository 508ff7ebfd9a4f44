/**
 * Spearman's rank correlation: how consistently one quantity rises with another, for a curve of any shape. It is 1 if
 * it always rises and −1 if it always falls. With the ranks $r$ and $s$ of the two quantities in $n$ runs it is their
 * ordinary correlation,
 *
 * $$ \rho = \frac{\sum_i (r_i - \bar r)(s_i - \bar s)}{\sqrt{\sum_i (r_i - \bar r)^2 \sum_i (s_i - \bar s)^2}} . $$
 *
 * @param pairs the two quantities of each run, of at least two runs
 * @returns NaN if one of the quantities is the same in all runs
 */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  const [r, s] = [centeredRanks(pairs.map(([x]) => x)), centeredRanks(pairs.map(([, y]) => y))];
  return dot(r, s) / Math.sqrt(dot(r, r) * dot(s, s));
}

/** The ranks minus their mean. Equal values share the mean of their ranks. */
function centeredRanks(values: readonly number[]): number[] {
  const below = (value: number) => values.filter((other) => other < value).length;
  const equal = (value: number) => values.filter((other) => other === value).length;
  return values.map((value) => below(value) + (equal(value) - values.length) / 2);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i], 0);
}
