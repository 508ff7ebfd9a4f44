/** An axis of a chart. */
export interface Axis {
  /** The name, with the unit if there is one. */
  label: string;
  /** Whether the axis is logarithmic. Values of 0 or below are then left out. Default: false. */
  log?: boolean;
  /** The values with numbers, as far as there are points. Default: round numbers. */
  ticks?: readonly number[];
  /** The first and the last value. Default: those of the points. */
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

/** The options of Observable Plot for an axis whose points have the given positions. */
export function axisOptions(axis: Axis, positions: readonly number[]) {
  const { label, log, ticks, domain, zero } = axis;
  const common = { label, labelArrow: 'none' as const, labelAnchor: 'center' as const, zero };
  const fixed = domain ? { domain: domain.map((value) => positionOn(axis, value)) } : {};
  if (!log && !ticks) return { ...common, ...fixed, nice: domain === undefined, ticks: 6 };
  const ends = domain?.map((value) => positionOn(axis, value)) ?? positions;
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const isShown = (value: number) => positionOn(axis, value) >= low - 1e-9 && positionOn(axis, value) <= high + 1e-9;
  const values = ticks?.filter(isShown) ?? logTicks(low, high);
  const valueAt = (position: number) => (log ? Number((10 ** position).toPrecision(6)) : position);
  return {
    ...common,
    ...fixed,
    nice: false,
    ticks: values.map((value) => positionOn(axis, value)),
    tickFormat: (position: number) => (ticks ? plainText(valueAt(position)) : tickText(valueAt(position))),
  };
}

/** Whole exponents from `low` to `high`, at most nine. */
export function exponentsBetween(low: number, high: number): number[] {
  const every = Math.max(1, Math.ceil((high - low) / 8));
  const first = Math.ceil(low / every - 1e-9) * every;
  return Array.from(
    { length: Math.max(0, Math.floor((high - first) / every + 1e-9) + 1) },
    (_, i) => first + i * every,
  );
}

/** The ticks of a logarithmic axis between two exponents: powers of ten, and multiples of them if these are few. */
function logTicks(low: number, high: number): number[] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [];
  const range = high - low;
  const digits = range < 0.7 ? [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8] : range < 2 ? [1, 2, 5] : [1];
  if (digits.length === 1) return exponentsBetween(low, high).map((exponent) => 10 ** exponent);
  return exponentsBetween(Math.floor(low), Math.ceil(high))
    .flatMap((exponent) => digits.map((digit) => digit * 10 ** exponent))
    .filter((value) => Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9);
}

function plainText(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** A number on an axis: `0.01`, `1,000`, `1e-6`. */
export function tickText(value: number): string {
  const rounded = Number(value.toPrecision(3));
  const isPlain = rounded === 0 || (Math.abs(rounded) >= 1e-3 && Math.abs(rounded) < 1e4);
  return isPlain ? plainText(rounded) : rounded.toExponential().replace('+', '');
}
