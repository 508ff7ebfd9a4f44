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

/** A tile of the kernel, in elements of float32: C is computed in whole tiles, so the last row and column of them may be partly wasted. */
export const TILE_ROWS = 5;
export const TILE_COLUMNS = 8;

/**
 * One of several parts of a product: some rows of C, or some columns if C is wider than it is high, in whole tiles. Each number of C
 * is summed in the same order whatever the parts, so their number does not change a bit of the result.
 */
export function partOf(product: Product, index: number, parts: number): Product {
  const { size, n, m, a, b, c, rowA, columnB, rowC } = product;
  const byRows = isCutByRows(product);
  const [length, tile] = byRows ? [n, TILE_ROWS] : [m, TILE_COLUMNS];
  const begin = (i: number) => Math.min(length, tile * Math.round((i * length) / parts / tile));
  const from = begin(index);
  const count = (index === parts - 1 ? length : begin(index + 1)) - from;
  if (byRows) return { ...product, n: count, a: a + from * rowA, c: c + from * rowC };
  return { ...product, m: count, b: b + from * columnB, c: c + from * size };
}

/** Whether parts are rows of C, and so of A, or columns of C and B. */
export function isCutByRows({ n, m }: Product): boolean {
  return n >= m;
}
