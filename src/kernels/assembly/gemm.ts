/**
 * The fast matrix product C = αAB + βC in AssemblyScript, compiled to WebAssembly with 128-bit SIMD.
 *
 * Three nested loops can multiply matrices, but they reach only a fiftieth of the speed of the processor. The problem
 * is memory, not arithmetic: each number of A is needed M times and each number of B N times, and a processor that
 * reads them from main memory every time spends most of its time waiting. So the product is divided into blocks that
 * fit into the registers and the caches (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication",
 * 2008):
 *
 * - Registers: a tile of C, 5 rows by 2 vectors, stays in 10 vector registers while K products are added to it. Each
 *   step reads 2 vectors of B and 5 numbers of A, and does 10 multiply-adds. Two multiply-adds can start in each
 *   cycle, and each takes four cycles. With fewer than 8 vectors the processor would wait for earlier sums, and with
 *   exactly 8 it would wait after every delay.
 * - L1 cache: a panel of B, 256 rows by 2 vectors, which all tiles of one column of tiles read.
 * - L2 cache: a block of A, 100 × 256, which is multiplied by every panel of B.
 * - L3 cache: a block of B, 256 × 512, which is multiplied by every block of A.
 *
 * Blocks are *packed* first: they are copied into the order in which the innermost loop reads them. So that loop
 * reads memory sequentially for all strides of A and B; a transposed matrix only has other strides. A block that is
 * not a whole number of tiles is padded with zeros, so the innermost loop has no special case for edges. It always
 * computes whole tiles. If a tile extends beyond C, it is computed on a copy of the part that exists.
 *
 * Everything is written once for T = f32 and T = f64: a vector has 4 numbers of f32 or 2 of f64. Addresses and
 * strides are in bytes.
 */

import { pack, transpose } from './pack';

const TILE_ROWS: usize = 5;
const TILE_BYTES: usize = 32; // 2 vectors: the width of a tile of C
const BLOCK_K: usize = 256;
const BLOCK_ROWS: usize = 100;
const BLOCK_COLUMNS: usize = 512;

/** The number of bytes that `multiply` needs for a packed block of A, a packed block of B, a tile, and α and β. */
export function scratchBytes(): usize {
  return (BLOCK_ROWS * BLOCK_K + BLOCK_K * BLOCK_COLUMNS) * sizeof<f64>() + TILE_ROWS * TILE_BYTES + 2 * sizeof<f64>();
}

// An exported function of WebAssembly has fixed types, so each generic function is exported twice.

/** C = αAB + βC in single precision. A is (n, k), B is (k, m), C is (n, m) with rows of `rowC` bytes. */
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

/** Some of many products of one size, in single precision. `stepA`, `stepB` and `stepC` are the bytes to the next one. */
export function multiplyPlanes(
  n: usize, m: usize, k: usize,
  a: usize, rowA: usize, columnA: usize, stepA: usize,
  b: usize, rowB: usize, columnB: usize, stepB: usize,
  beta: f32, c: usize, rowC: usize, stepC: usize, first: usize, last: usize, scratch: usize,
): void {
  for (let i = first; i < last; i++) {
    multiply<f32>(n, m, k, 1, a + i * stepA, rowA, columnA, b + i * stepB, rowB, columnB, beta, c + i * stepC, rowC, scratch);
  }
}

/** Transposes a contiguous matrix of n rows of m numbers. */
export function transpose32(to: usize, from: usize, n: usize, m: usize): void {
  transpose<f32>(to, from, n, m);
}

/** The same in double precision. */
export function transpose64(to: usize, from: usize, n: usize, m: usize): void {
  transpose<f64>(to, from, n, m);
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
      // Only the first block along K uses the old C and β. The others add to what the previous ones wrote.
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

/** Computes all tiles of a block of C: for each panel of B, every strip of A. */
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
 * The innermost loop: one tile of C, in registers. Four numbers of A are read with one load and then each is spread
 * over a vector, because four loads would need four addresses. α and β stay in memory, at `factors`: as arguments
 * they would take two registers. V8 has fifteen, and the loop needs fourteen.
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

// A vector filled with one number of another vector. A shuffle needs constant positions, so there is one function for
// each.
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

// One instruction with relaxed SIMD, otherwise two.
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

// If beta is 0, the old C is not read: it may contain NaN, and 0 · NaN is NaN.
@inline
function writeVector<T>(c: usize, sums: v128, alpha: T, beta: T): void {
  sums = v128.mul<T>(sums, v128.splat<T>(alpha));
  if (beta != <T>0) sums = v128.add<T>(sums, v128.mul<T>(v128.load(c), v128.splat<T>(beta)));
  v128.store(c, sums);
}

/** Copies a block of rows and columns. */
function copyPart<T>(to: usize, rowTo: usize, from: usize, rowFrom: usize, rows: usize, columns: usize): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      store<T>(to + i * rowTo + j * sizeof<T>(), load<T>(from + i * rowFrom + j * sizeof<T>()));
    }
  }
}
