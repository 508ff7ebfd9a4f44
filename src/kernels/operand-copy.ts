import { copyFloats } from '#copy';
import { isCutByRows, type Product } from './product.js';

/** The memory that a matrix spans, and the address in bytes where it goes in WebAssembly's memory. */
export interface Load {
  data: Float32Array | Float64Array;
  at: number;
}

/**
 * A function that copies the operands of a product to where it expects them, as its parts need them, so that other threads begin
 * before all is there: with the first part the operand that every part needs, and of the one that is cut into parts, with
 * each part all that lies before its last number and is not there yet. It returns the bytes that it copied.
 *
 * @param floats WebAssembly's memory
 */
export function bringer(product: Product, floats: Load['data'], a: Load, b: Load): (part: Product) => number {
  const { size, k } = product;
  const byRows = isCutByRows(product);
  const [cut, whole] = byRows ? [a, b] : [b, a];
  let done = 0;
  return (part) => {
    const before = done === 0 ? copy(whole, 0, whole.data.length) : 0;
    const [start, count, line, along] = byRows
      ? [part.a, part.n, part.rowA, part.columnA]
      : [part.b, part.m, part.columnB, part.rowB];
    const last = start + Math.max(0, (count - 1) * line) + Math.max(0, (k - 1) * along);
    const end = Math.max(done, (last - cut.at) / size + 1);
    const bytes = before + copy(cut, done, end);
    done = end;
    return bytes;
  };

  function copy({ data, at }: Load, from: number, to: number): number {
    copyFloats(floats, at / size + from, data.subarray(from, to));
    return (to - from) * size;
  }
}
