import ndarray from 'ndarray';
import { describeArray } from './format.js';
import type { FloatData, IndexArray, NdArray } from './types.js';

/** The method that `console.log` and `util.inspect` call in Node, Deno and Bun. Elsewhere it is an unused symbol. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * Makes Node show `x`, and every array of its class, as NumPy shows an array. scijs has one class per dtype and rank.
 * Their prototypes get a method under a symbol that only inspection looks up: nothing else about a scijs array changes,
 * and a method that is already there stays. The classes of lower ranks get it too, because `x.pick(0)` is an array of
 * a lower rank.
 *
 * @returns `x`
 */
export function inspectable<A extends NdArray | IndexArray>(x: A): A {
  if (INSPECT in x) return x;
  const memory = x.data as FloatData;
  for (let rank = 0; rank <= x.shape.length; rank++) {
    const prototype: object = Object.getPrototypeOf(ndarray(memory, new Array<number>(rank).fill(0)));
    if (!(INSPECT in prototype)) Object.defineProperty(prototype, INSPECT, { value: inspected, configurable: true });
  }
  return x;
}

/** What inspection shows: the array, or only its shape where Node shows `[Object]`. */
function inspected(this: NdArray | IndexArray, depth: number): unknown {
  let text: string;
  try {
    text = depth < 0 ? `[array (${this.shape.join(', ')})]` : describeArray(this);
  } catch {
    text = `[damaged array (${this.shape.join(', ')})]`;
  }
  // Node indents the lines of a value that is shown inside another one, but not those of a plain string.
  return { [INSPECT]: () => text };
}
