/**
 * The description of a matrix product for any thread: C = αAB + βC in the memory of WebAssembly, with A (n, k), B (k,
 * m) and C (n, m), which is row-major. Addresses and strides are in bytes.
 */
export interface Product {
  /** Bytes per number: 4 or 8. */
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

/**
 * The size of a tile of the kernel, in float32 elements. C is computed in whole tiles, so part of the last ones may
 * be wasted.
 */
export const TILE_ROWS = 5;
export const TILE_COLUMNS = 8;

/**
 * One of several parts of a product: some rows of C, or some columns if C is wider than it is high, in whole tiles.
 * The number of parts does not change a bit of the result, because each number of C is summed in the same order.
 */
export function partOfProduct(product: Product, index: number, parts: number): Product {
  const { size, n, m, a, b, c, rowA, columnB, rowC } = product;
  const byRows = isCutByRows(product);
  const [length, tile] = byRows ? [n, TILE_ROWS] : [m, TILE_COLUMNS];
  const begin = (i: number) => Math.min(length, tile * Math.round((i * length) / parts / tile));
  const from = begin(index);
  const count = (index === parts - 1 ? length : begin(index + 1)) - from;
  if (byRows) return { ...product, n: count, a: a + from * rowA, c: c + from * rowC };
  return { ...product, m: count, b: b + from * columnB, c: c + from * size };
}

/** Whether the parts are rows of C and A, not columns of C and B. */
export function isCutByRows({ n, m }: Product): boolean {
  return n >= m;
}
