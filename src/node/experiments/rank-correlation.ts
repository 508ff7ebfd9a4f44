/**
 * Spearman's rank correlation: how nearly one figure rises with another, whatever the curve. 1 where it always does, −1 where it
 * always falls. With ranks $r$ and $s$ of the two figures of $n$ runs it is their ordinary correlation,
 *
 * $$ \rho = \frac{\sum_i (r_i - \bar r)(s_i - \bar s)}{\sqrt{\sum_i (r_i - \bar r)^2 \sum_i (s_i - \bar s)^2}} . $$
 *
 * @param pairs the two figures of each run, at least two runs
 * @returns NaN where one of the figures is the same in all runs
 */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  const [r, s] = [ranks(pairs.map(([x]) => x)), ranks(pairs.map(([, y]) => y))];
  return product(r, s) / Math.sqrt(product(r, r) * product(s, s));
}

/** The ranks less their mean; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const below = (value: number) => values.filter((other) => other < value).length;
  const equal = (value: number) => values.filter((other) => other === value).length;
  return values.map((value) => below(value) + (equal(value) - values.length) / 2);
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * b[i], 0);
}
