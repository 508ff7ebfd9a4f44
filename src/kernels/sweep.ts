/** The functions of WebAssembly that a sweep can call, in the order in which the work queue numbers them. */
export const SWEEPS = [
  'multiplyPlanes',
  'winogradInputs',
  'winogradGradients',
  'winogradOutputs',
  'winogradKernels',
  'winogradKernelGradients',
  'splitTaps',
  'joinTaps',
  'maxima',
] as const;

/** The name of a function that a sweep can call. */
export type SweepName = (typeof SWEEPS)[number];

/**
 * The description, for any thread, of a function of WebAssembly that does the same for each member of a range, such as
 * every channel of a batch.
 */
export interface Sweep {
  name: SweepName;
  /** The arguments before the range. */
  numbers: readonly number[];
  /** The range: `first`, and the one after the last. */
  first: number;
  last: number;
  /** Parts begin at a multiple of this number. */
  unit: number;
}

/** One of several parts of a sweep. */
export function partOfSweep(sweep: Sweep, index: number, parts: number): Sweep {
  const { first, last, unit } = sweep;
  const begin = (i: number) => Math.min(last, first + unit * Math.round((i * (last - first)) / parts / unit));
  return { ...sweep, first: begin(index), last: index === parts - 1 ? last : begin(index + 1) };
}
