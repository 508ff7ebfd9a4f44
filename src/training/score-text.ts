/** How good outputs are: the accuracy of a classifier, or $R^2$ of a regression. */
export interface Score {
  accuracy?: number;
  r2?: number;
}

/** A score in words: `accuracy 0.4900`, or `R² 0.8700`. */
export function scoreText({ accuracy, r2 }: Score, digits = 4): string {
  return accuracy === undefined ? `R² ${(r2 ?? Number.NaN).toFixed(digits)}` : `accuracy ${accuracy.toFixed(digits)}`;
}
