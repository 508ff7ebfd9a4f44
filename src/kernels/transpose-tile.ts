import type { Matrix } from './engine.js';
import { TILE_COLUMNS, TILE_ROWS } from './product.js';

/** The time to transpose one element of C, in multiplications. */
const TRANSPOSE_COST = 10;

/**
 * Whether Cᵀ = BᵀAᵀ is less work than C = AB. The sums are the same, but the tiles differ. A C of 200 × 100 has 40 ×
 * 13 tiles, and the last column of tiles is half empty; 100 × 200 has 20 × 25, all full. The tiles must save more
 * than it costs to transpose the result.
 */
export function isCheaperTransposed(n: number, m: number, k: number): boolean {
  return (inTiles(n, m) - inTiles(m, n)) * k > TRANSPOSE_COST * n * m;
}

/** A matrix with its axes swapped, as a view. */
export function transposed(x: Matrix): Matrix {
  return x.transpose(1, 0);
}

/** The number of elements of the tiles that cover a matrix. */
function inTiles(rows: number, columns: number): number {
  return Math.ceil(rows / TILE_ROWS) * TILE_ROWS * Math.ceil(columns / TILE_COLUMNS) * TILE_COLUMNS;
}
