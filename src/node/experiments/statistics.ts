/** The mean of a sample, and its spread. */
export interface MeanDeviation {
  mean: number;
  /** The standard deviation of the sample, which divides by n − 1; null for a single value. */
  deviation: number | null;
}

/** @throws RangeError if there are no values */
export function meanDeviation(values: readonly number[]): MeanDeviation {
  if (values.length === 0) throw new RangeError('meanDeviation: expected at least one value, got none');
  const mean = average(values);
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null };
}

/** The mean of some values. */
export function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** The middle value; of an even number of values, the upper one of the two in the middle. NaN values do not count. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A mean with one deviation to each side, as a point of a chart. */
export function withErrorBar({ mean, deviation }: MeanDeviation): { y: number; low: number; high: number } {
  return { y: mean, low: mean - (deviation ?? 0), high: mean + (deviation ?? 0) };
}

/** `0.4912 ± 0.0053`, or `0.4912` for a single value. */
export function formatMean({ mean, deviation }: MeanDeviation, digits = 4): string {
  return deviation === null ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${deviation.toFixed(digits)}`;
}

/** `−0.0073`: a difference with its sign. */
export function formatChange(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}

/** `3.2e-4 ± 1.0e-5`: three significant digits, for values of any magnitude. */
export function formatMagnitude({ mean, deviation }: MeanDeviation): string {
  return deviation === null ? short(mean) : `${short(mean)} ± ${short(deviation)}`;
}

function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'none' : 'not finite';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replace('+', '');
  return String(Number(value.toPrecision(3)));
}

/** `48 s`, `5.2 min`, `1.4 h`. */
export function formatTime(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(0)} s`;
  return seconds < 5400 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
