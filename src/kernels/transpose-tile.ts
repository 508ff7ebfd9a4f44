import type { Matrix } from './engine.js';
import { TILE_COLUMNS, TILE_ROWS } from './product.js';

/** As many multiplications take as long as turning one element of C back. */
const TURNING = 10;

/**
 * Whether Cᵀ = BᵀAᵀ is less work than C = AB: it has the same sums, but other tiles. A C of 200 × 100 has 40 × 13 tiles, the last
 * column of them half empty; 100 × 200 has 20 × 25, all full. It has to save more than it costs to turn C back.
 */
export function isLessTurned(n: number, m: number, k: number): boolean {
  return (inTiles(n, m) - inTiles(m, n)) * k > TURNING * n * m;
}

/** A matrix with its axes swapped, as a view. */
export function turned(x: Matrix): Matrix {
  return x.transpose(1, 0);
}

/** The elements of the tiles that cover a matrix. */
function inTiles(rows: number, columns: number): number {
  return Math.ceil(rows / TILE_ROWS) * TILE_ROWS * Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
}
