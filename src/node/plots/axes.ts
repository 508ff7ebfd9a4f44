import { textWidth } from './svg.js';

/** An axis of numbers. */
export interface Axis {
  /** The name, with the unit if there is one. */
  label: string;
  /** Whether the axis is logarithmic. Values of 0 or below are then left out. Default: false. */
  log?: boolean;
  /** The values with numbers, as far as there are points. Default: round numbers. */
  ticks?: readonly number[];
  /** The first and the last value. Default: those of the points, or round numbers around them. */
  domain?: readonly [number, number];
  /** Whether a linear axis includes 0. Default: false. */
  zero?: boolean;
}

/**
 * The position of a value on an axis: the value itself, or its logarithm. Logarithms are computed here because the
 * logarithmic scale of Observable Plot leaves out some of the ticks that it is given.
 */
export function positionOn({ log, domain }: Axis, value: number): number {
  const within = domain ? Math.min(Math.max(value, domain[0]), domain[1]) : value;
  return log ? Math.log10(within) : within;
}

/** The scale of an axis, for a panel. */
export interface AxisScale {
  label: string;
  domain: readonly [low: number, high: number];
  ticks: readonly number[];
  tickFormat(position: number): string;
}

/**
 * The scale of an axis on which points have the given positions.
 *
 * @param room the width in pixels that the numbers may take. Default: no limit
 * @param most about how many numbers there are at most
 */
export function scaleOf(
  axis: Axis,
  positions: readonly number[],
  room = Number.POSITIVE_INFINITY,
  most = 6,
): AxisScale {
  const { log, zero, domain, label } = axis;
  const place = (value: number) => (log ? Math.log10(value) : value);
  const ends = domain?.map(place) ?? (zero ? [0, ...positions] : positions);
  let [low, high] = rangeOfPositions(ends);
  const step = roundStep((high - low) / most, ends.every(Number.isInteger));
  if (!log && !axis.ticks && !domain) {
    low = step * Math.floor(low / step + 1e-9);
    high = step * Math.ceil(high / step - 1e-9);
  }
  const values = axis.ticks ?? (log ? logTicks(low, high, most + 2) : multiples(step, low, high));
  const shown = values.filter((value) => place(value) >= low - 1e-9 && place(value) <= high + 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const isPlain = decimals <= 4 && Math.max(Math.abs(low), Math.abs(high)) < 1e6;
  const text = (value: number) => {
    if (axis.ticks) return plainText(value);
    return log || !isPlain ? tickText(value) : plainText(value, decimals);
  };
  const texts = new Map(shown.map((value) => [place(value), text(value)]));
  const needed = [...texts.values()].reduce((total, each) => total + textWidth(each) + 10, 0);
  if (needed > room && most > 2 && !axis.ticks) return scaleOf(axis, positions, room, most - 1);
  return { label, domain: [low, high], ticks: [...texts.keys()], tickFormat: (at) => texts.get(at) ?? '' };
}

/** The first and the last position. One position alone gets room on both sides. */
function rangeOfPositions(positions: readonly number[]): [low: number, high: number] {
  if (positions.length === 0) return [0, 1];
  const [low, high] = [Math.min(...positions), Math.max(...positions)];
  const room = low < high ? 0 : Math.abs(low) / 2 || 1;
  return [low - room, high + room];
}

/** 1, 2 or 5 times a power of ten: the one nearest to a step, at least 1 for whole numbers. */
function roundStep(step: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const ratio = step / power;
  const rounded = power * (ratio > 7 ? 10 : ratio > 2.6 ? 5 : ratio > 1.4 ? 2 : 1);
  return whole ? Math.max(1, rounded) : rounded;
}

function multiples(step: number, low: number, high: number): number[] {
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Powers of ten from `low` to `high`, which are exponents: at most one more than `most`. */
export function powersOfTen(low: number, high: number, most = 8): number[] {
  return multiples(Math.max(1, Math.ceil((high - low) / most)), low, high).map((exponent) => Number(`1e${exponent}`));
}

/** The ticks of a logarithmic axis between two exponents: powers of ten, or finer ones if these are few. */
function logTicks(low: number, high: number, most: number): number[] {
  if (high - low >= 2) return powersOfTen(low, high, most);
  if (high - low >= 0.7) return powersOfTen(Math.floor(low), high).flatMap((power) => [power, 2 * power, 5 * power]);
  const [from, to] = [10 ** low, 10 ** high];
  return multiples(roundStep((to - from) / 5, false), from, to);
}

/** A number on an axis: `0.01`, `1,000`, `−5`, `1e-6`. */
export function tickText(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const isPlain = rounded === 0 || (Math.abs(rounded) >= 1e-3 && Math.abs(rounded) < 1e5);
  return isPlain ? plainText(rounded) : withMinus(rounded.toExponential().replace('+', ''));
}

function plainText(value: number, decimals?: number): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals ?? 6 };
  return withMinus(value.toLocaleString('en-US', digits));
}

/** A number with a minus sign that is as wide as a digit, and none before 0. */
export function withMinus(text: string): string {
  return text.replace(/^-(?=0(\.0*)?$)/, '').replace(/^-(?=\d)/, '−');
}
