/** The mean of some figures, and how far they lie apart. */
export interface Summary {
  mean: number;
  /** The standard deviation of the sample, which divides by n − 1; null of a single figure. */
  deviation: number | null;
}

/** @throws RangeError when there are no figures */
export function summary(figures: readonly number[]): Summary {
  if (figures.length === 0) throw new RangeError('summary: expected at least one figure, got none');
  const mean = figures.reduce((total, figure) => total + figure, 0) / figures.length;
  const squares = figures.reduce((total, figure) => total + (figure - mean) ** 2, 0);
  return { mean, deviation: figures.length > 1 ? Math.sqrt(squares / (figures.length - 1)) : null };
}

/** `0.4912 ± 0.0053`, or `0.4912` of a single figure. */
export function summaryText({ mean, deviation }: Summary): string {
  return deviation === null ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`;
}

/** `48 s`, `5.2 min`, `1.4 h`. */
export function timeText(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  return seconds < 5400 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
