/**
 * A matrix product as numbers that any thread can work on: C = αAB + βC in the memory of WebAssembly, with A (n, k),
 * B (k, m) and C (n, m) in rows. Addresses and strides are in bytes.
 */
export interface Product {
  /** Bytes a number: 4 or 8. */
  size: number;
  n: number;
  m: number;
  k: number;
  alpha: number;
  a: number;
  rowA: number;
  columnA: number;
  b: number;
  rowB: number;
  columnB: number;
  beta: number;
  c: number;
  rowC: number;
}

/** Parts begin at whole tiles of any precision. */
const TILE = 8;

/**
 * One of several parts of a product: some rows of C, or some columns if C is wider than it is high. Each number of C is
 * summed in the same order whatever the parts, so their number does not change a bit of the result.
 */
export function partOf(product: Product, index: number, parts: number): Product {
  const { size, n, m, a, b, c, rowA, columnB, rowC } = product;
  const length = Math.max(n, m);
  const begin = (i: number) => Math.min(length, TILE * Math.round((i * length) / parts / TILE));
  const from = begin(index);
  const count = (index === parts - 1 ? length : begin(index + 1)) - from;
  if (n >= m) return { ...product, n: count, a: a + from * rowA, c: c + from * rowC };
  return { ...product, m: count, b: b + from * columnB, c: c + from * size };
}
