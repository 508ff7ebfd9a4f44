import { copyFloats } from '#copy';
import type { Prepare } from './pool.js';
import { isCutByRows, type Product } from './product.js';

/** An operand: its data, and the address in WebAssembly's memory to which it is copied, in bytes. */
export interface CopiedOperand {
  data: Float32Array | Float64Array;
  address: number;
}

/**
 * Returns a function that copies the operands of a product into WebAssembly's memory, part by part, so that other
 * threads can begin before everything is copied. The first call copies the operand that every part needs. Each call
 * copies the other operand up to the last element that the part needs.
 *
 * @param memory WebAssembly's memory
 */
export function operandCopier(
  product: Product,
  memory: CopiedOperand['data'],
  a: CopiedOperand,
  b: CopiedOperand,
): Prepare<Product> {
  const { size, k } = product;
  const byRows = isCutByRows(product);
  const [cut, whole] = byRows ? [a, b] : [b, a];
  let done = 0;
  return (part) => {
    if (done === 0) copy(whole, 0, whole.data.length);
    const [start, count, line, along] = byRows
      ? [part.a, part.n, part.rowA, part.columnA]
      : [part.b, part.m, part.columnB, part.rowB];
    const last = start + Math.max(0, (count - 1) * line) + Math.max(0, (k - 1) * along);
    const end = Math.max(done, (last - cut.address) / size + 1);
    copy(cut, done, end);
    done = end;
  };

  function copy({ data, address }: CopiedOperand, from: number, to: number): void {
    copyFloats(memory, address / size + from, data.subarray(from, to));
  }
}
