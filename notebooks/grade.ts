import type { NdArray } from 'handgrad';

/**
 * Runs a check of your code and prints what it finds, or what is not written yet. A check returns a report such as that
 * of `checkLayer`, or a sentence.
 */
export function grade(check: () => unknown): void {
  try {
    console.log(String(check()));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NotImplementedError')) throw error;
    console.log(`TODO: ${error.message}`);
  }
}

/** Compares your array with the right one: `dx is right`, or where it is most wrong. */
export function compared(name: string, yours: NdArray, right: NdArray): string {
  if (String(yours?.shape) !== String(right.shape)) {
    return `${name} is WRONG: expected the shape (${right.shape.join(', ')}), got (${yours?.shape?.join(', ')})`;
  }
  const places = indicesOf(right.shape).map((index) => ({ index, a: yours.get(...index), b: right.get(...index) }));
  const scale = Math.max(...places.map(({ b }) => Math.abs(b)));
  const bad = places.filter(({ a, b }) => !(Math.abs(a - b) <= 1e-7 + 1e-6 * scale));
  if (bad.length === 0) return `${name} is right`;
  const [{ index, a, b }] = bad;
  return `${name} is WRONG: ${bad.length} of ${places.length} elements; at [${index.join(', ')}]: yours ${a}, right ${b}`;
}

/** A sentence about a value: `the loss is 2.3: right`. */
export function verdict(sentence: string, isRight: boolean): string {
  return `${sentence}: ${isRight ? 'right' : 'WRONG'}`;
}

/** The indices of all elements of an array. */
function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}
