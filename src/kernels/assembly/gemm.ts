/**
 * The matrix product C = αAB + βC, fast: AssemblyScript, compiled to WebAssembly with 128-bit SIMD.
 *
 * Three loops multiply matrices, and run at a fiftieth of what the processor can do. The arithmetic is not the
 * problem, memory is: each number of A is needed M times and each of B N times, and a processor that fetches them from
 * main memory each time spends its life waiting. So the product is cut up until its pieces fit where they are needed
 * (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008):
 *
 * - in the registers a tile of C, 5 rows by 2 vectors, stays in 10 vector registers while K products are summed into it. Each
 *   step reads 2 vectors of B and 5 numbers of A, and does 10 multiply-adds with them. Two can begin in each cycle and each
 *   takes four, so a tile of fewer than 8 vectors would leave the processor waiting for sums to end, and one of exactly 8
 *   would wait whenever anything else is late;
 * - in the L1 cache a panel of B, 256 rows by 2 vectors, that every tile of a column of tiles walks along;
 * - in the L2 cache a block of A, 100 × 256, that every panel of B meets;
 * - in the L3 cache a block of B, 256 × 512, that every block of A meets.
 *
 * Blocks are *packed* first: copied into the order in which the innermost loop reads them, so that it reads memory in
 * one straight line whatever the strides of A and B; a transposed matrix is only another pair of strides here. Where a
 * block is not a whole number of tiles, zeros are packed: the innermost loop has no edges. It computes whole tiles
 * always, and a tile that sticks out of C is computed on a copy of what there is of it.
 *
 * Everything is written once for T = f32 and T = f64: a vector holds 4 of one or 2 of the other. Addresses and strides
 * are in bytes.
 */

import { pack, turn } from './pack';

const TILE_ROWS: usize = 5;
const TILE_BYTES: usize = 32; // 2 vectors: the width of a tile of C
const BLOCK_K: usize = 256;
const BLOCK_ROWS: usize = 100;
const BLOCK_COLUMNS: usize = 512;

/** The bytes that `multiply` needs of its own: a packed block of A, one of B, a tile, and α and β. */
export function scratchBytes(): usize {
  return (BLOCK_ROWS * BLOCK_K + BLOCK_K * BLOCK_COLUMNS) * sizeof<f64>() + TILE_ROWS * TILE_BYTES + 2 * sizeof<f64>();
}

// What WebAssembly exports has fixed types, so each generic function has two doors.

/** C = αAB + βC in single precision. A is (n, k), B is (k, m), C is (n, m) in rows of `rowC` bytes. */
export function multiply32(
  n: usize, m: usize, k: usize, alpha: f32,
  a: usize, rowA: usize, columnA: usize,
  b: usize, rowB: usize, columnB: usize,
  beta: f32, c: usize, rowC: usize, scratch: usize,
): void {
  multiply<f32>(n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC, scratch);
}

/** The same in double precision. */
export function multiply64(
  n: usize, m: usize, k: usize, alpha: f64,
  a: usize, rowA: usize, columnA: usize,
  b: usize, rowB: usize, columnB: usize,
  beta: f64, c: usize, rowC: usize, scratch: usize,
): void {
  multiply<f64>(n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC, scratch);
}

/** Transposes a matrix of n dense rows of m numbers. */
export function turn32(to: usize, from: usize, n: usize, m: usize): void {
  turn<f32>(to, from, n, m);
}

/** The same in double precision. */
export function turn64(to: usize, from: usize, n: usize, m: usize): void {
  turn<f64>(to, from, n, m);
}

/** The three outer loops: a block of B, a block along K, a block of A. */
function multiply<T>(
  n: usize, m: usize, k: usize, alpha: T,
  a: usize, rowA: usize, columnA: usize,
  b: usize, rowB: usize, columnB: usize,
  beta: T, c: usize, rowC: usize, scratch: usize,
): void {
  const packedA = scratch;
  const packedB = packedA + BLOCK_ROWS * BLOCK_K * sizeof<f64>();
  const spare = packedB + BLOCK_K * BLOCK_COLUMNS * sizeof<f64>();
  const factors = spare + TILE_ROWS * TILE_BYTES;
  store<T>(factors, alpha);
  for (let j: usize = 0; j < m; j += BLOCK_COLUMNS) {
    const columns = min(BLOCK_COLUMNS, m - j);
    for (let p: usize = 0; p < k; p += BLOCK_K) {
      const depth = min(BLOCK_K, k - p);
      // Only the first block along K meets the old C; the others add to what the ones before have written.
      store<T>(factors, p == 0 ? beta : <T>1, sizeof<T>());
      pack<T>(packedB, b + p * rowB + j * columnB, columnB, rowB, columns, depth, TILE_BYTES / sizeof<T>());
      for (let i: usize = 0; i < n; i += BLOCK_ROWS) {
        const rows = min(BLOCK_ROWS, n - i);
        pack<T>(packedA, a + i * rowA + p * columnA, rowA, columnA, rows, depth, TILE_ROWS);
        multiplyBlock<T>(packedA, packedB, c + i * rowC + j * sizeof<T>(), rowC, rows, columns, depth, factors, spare);
      }
    }
  }
}

/** All tiles of a block of C: down each panel of B, past every strip of A. */
function multiplyBlock<T>(
  packedA: usize, packedB: usize, c: usize, rowC: usize,
  rows: usize, columns: usize, depth: usize, factors: usize, spare: usize,
): void {
  const tileColumns = TILE_BYTES / sizeof<T>();
  for (let j: usize = 0; j < columns; j += tileColumns) {
    const panel = packedB + j * depth * sizeof<T>();
    for (let i: usize = 0; i < rows; i += TILE_ROWS) {
      const strip = packedA + i * depth * sizeof<T>();
      const target = c + i * rowC + j * sizeof<T>();
      const height = min(TILE_ROWS, rows - i);
      const width = min(tileColumns, columns - j);
      if (height == TILE_ROWS && width == tileColumns) {
        multiplyTile<T>(strip, panel, depth, target, rowC, factors);
      } else {
        copyPart<T>(spare, TILE_BYTES, target, rowC, height, width);
        multiplyTile<T>(strip, panel, depth, spare, TILE_BYTES, factors);
        copyPart<T>(target, rowC, spare, TILE_BYTES, height, width);
      }
    }
  }
}

/**
 * The innermost loop: one tile of C, held in registers. Four numbers of A come in one load and are spread from there: a load
 * for each would need an address for each. α and β wait in memory, at `factors`: as arguments they would hold two registers, and
 * V8 has fifteen, of which the loop needs fourteen.
 */
function multiplyTile<T>(a: usize, b: usize, depth: usize, c: usize, rowC: usize, factors: usize): void {
  let c00 = v128.splat<T>(<T>0), c01 = v128.splat<T>(<T>0);
  let c10 = v128.splat<T>(<T>0), c11 = v128.splat<T>(<T>0);
  let c20 = v128.splat<T>(<T>0), c21 = v128.splat<T>(<T>0);
  let c30 = v128.splat<T>(<T>0), c31 = v128.splat<T>(<T>0);
  let c40 = v128.splat<T>(<T>0), c41 = v128.splat<T>(<T>0);
  const end = a + depth * TILE_ROWS * sizeof<T>();
  while (a != end) {
    const upper = v128.load(a);
    const lower = v128.load(a, 4 * sizeof<T>() - 16); // the same vector for f32
    const a4 = v128.load_splat<T>(a, 4 * sizeof<T>());
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = spread0<T>(upper);
    c00 = multiplyAdd<T>(a0, b0, c00);
    c01 = multiplyAdd<T>(a0, b1, c01);
    const a1 = spread1<T>(upper);
    c10 = multiplyAdd<T>(a1, b0, c10);
    c11 = multiplyAdd<T>(a1, b1, c11);
    const a2 = spread2<T>(lower);
    c20 = multiplyAdd<T>(a2, b0, c20);
    c21 = multiplyAdd<T>(a2, b1, c21);
    const a3 = spread3<T>(lower);
    c30 = multiplyAdd<T>(a3, b0, c30);
    c31 = multiplyAdd<T>(a3, b1, c31);
    c40 = multiplyAdd<T>(a4, b0, c40);
    c41 = multiplyAdd<T>(a4, b1, c41);
    a += TILE_ROWS * sizeof<T>();
    b += TILE_BYTES;
  }
  const alpha = load<T>(factors);
  const beta = load<T>(factors, sizeof<T>());
  writeRow<T>(c, c00, c01, alpha, beta);
  writeRow<T>(c + rowC, c10, c11, alpha, beta);
  writeRow<T>(c + 2 * rowC, c20, c21, alpha, beta);
  writeRow<T>(c + 3 * rowC, c30, c31, alpha, beta);
  writeRow<T>(c + 4 * rowC, c40, c41, alpha, beta);
}

// A vector filled with one number of the tile, of four in a vector or of two. A shuffle needs its places spelled out.
@inline
function spread0<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<f64>(x, x, 0, 0);
  return v128.shuffle<f32>(x, x, 0, 0, 0, 0);
}
@inline
function spread1<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<f64>(x, x, 1, 1);
  return v128.shuffle<f32>(x, x, 1, 1, 1, 1);
}
@inline
function spread2<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<f64>(x, x, 0, 0);
  return v128.shuffle<f32>(x, x, 2, 2, 2, 2);
}
@inline
function spread3<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return v128.shuffle<f64>(x, x, 1, 1);
  return v128.shuffle<f32>(x, x, 3, 3, 3, 3);
}

// One instruction where the engine has it, two where it has not.
@inline
function multiplyAdd<T>(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(x, y, sum);
  return v128.add<T>(sum, v128.mul<T>(x, y));
}

@inline
function writeRow<T>(c: usize, left: v128, right: v128, alpha: T, beta: T): void {
  writeVector<T>(c, left, alpha, beta);
  writeVector<T>(c + 16, right, alpha, beta);
}

// With beta 0 the old C is not read: it may hold NaN, and 0 · NaN is NaN.
@inline
function writeVector<T>(c: usize, sums: v128, alpha: T, beta: T): void {
  sums = v128.mul<T>(sums, v128.splat<T>(alpha));
  if (beta != <T>0) sums = v128.add<T>(sums, v128.mul<T>(v128.load(c), v128.splat<T>(beta)));
  v128.store(c, sums);
}

/** Copies some rows and columns from one place to another. */
function copyPart<T>(to: usize, rowTo: usize, from: usize, rowFrom: usize, rows: usize, columns: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      store<T>(to + i * rowTo + j * sizeof<T>(), load<T>(from + i * rowFrom + j * sizeof<T>()));
    }
  }
}
