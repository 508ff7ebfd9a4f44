/**
 * The transforms of Winograd's convolution F(4×4, 3×3) in single precision (Lavin and Gray, "Fast Algorithms for
 * Convolutional Neural Networks", 2016).
 *
 * A 3×3 kernel g over a tile d of 6×6 numbers gives 4×4 outputs, Y = Aᵀ [(G g Gᵀ) ∘ (Bᵀ d B)] A: 36 multiplications
 * where the sums over the window take 144. Summed over input channels, each of the 36 positions becomes a matrix
 * product of its own. `kernels/winograd.ts` computes these products; this file has what comes before and after them:
 *
 * - tiles of images to the transformed domain: Bᵀ d B for inputs, A y Aᵀ for gradients of outputs, and back: Aᵀ m A,
 * - kernels to the transformed domain: G g Gᵀ, and their gradients back: Gᵀ u G.
 *
 * The maps for gradients are the transposes of the others, by the chain rule.
 *
 * In the transformed domain an array has 36 planes, one per position. A plane of tiles is a matrix: a row per channel,
 * a column per tile. Tiles are numbered over images, then rows, then columns of tiles. Vectors hold four tiles, or four
 * kernels, so the number of columns is a multiple of four, and tiles that do not exist are zeros.
 */

import { transposeSquare } from './pack';

const POSITIONS: usize = 36;
const VECTOR: usize = 16;
/** A row of a copied tile: 8 floats, of which 4 or 6 are used. */
const TILE_ROW: usize = 32;
/** A copied tile: 6 rows. */
const TILE_BYTES: usize = 6 * TILE_ROW;
/** Places in the scratch memory, which is that of `gemm.ts` and much larger: four copied tiles, and their numbers before, between and after the two passes. */
const BEFORE: usize = 4 * TILE_BYTES;
const BETWEEN: usize = BEFORE + 48 * VECTOR;
const AFTER: usize = BETWEEN + POSITIONS * VECTOR;

/**
 * Bᵀ d B for all tiles of some channels. Tiles have 6×6 numbers, at distances of 4. The first one starts above
 * and left of the image by the padding.
 *
 * @param planes the 36 planes; `planeStep` and `rowStep` are the bytes from one to the next, and from channel to channel
 * @param images (N, C, H, W); `imageStep` is the number of bytes from one image to the next
 * @param first the first channel, `last` is the one after the last
 */
export function winogradInputs(
  planes: usize, planeStep: usize, rowStep: usize, images: usize, imageStep: usize, count: i32, height: i32, width: i32,
  padTop: i32, padLeft: i32, tilesDown: i32, tilesAcross: i32, first: usize, last: usize, scratch: usize,
): void {
  toPlanes(6, planes, planeStep, rowStep, images, imageStep, count, height, width, padTop, padLeft, tilesDown, tilesAcross, first, last, scratch);
}

/** A y Aᵀ for all tiles of 4×4 numbers of some channels. The arguments are those of `winogradInputs`. */
export function winogradGradients(
  planes: usize, planeStep: usize, rowStep: usize, images: usize, imageStep: usize, count: i32, height: i32, width: i32,
  padTop: i32, padLeft: i32, tilesDown: i32, tilesAcross: i32, first: usize, last: usize, scratch: usize,
): void {
  toPlanes(4, planes, planeStep, rowStep, images, imageStep, count, height, width, padTop, padLeft, tilesDown, tilesAcross, first, last, scratch);
}

/** The transform of tiles of size × size numbers, first of their columns, then of their rows. */
@inline
function toPlanes(
  size: usize,
  planes: usize, planeStep: usize, rowStep: usize, images: usize, imageStep: usize, count: i32, height: i32, width: i32,
  padTop: i32, padLeft: i32, tilesDown: i32, tilesAcross: i32, first: usize, last: usize, scratch: usize,
): void {
  const channelBytes = <usize>(height * width) * 4;
  const tiles = count * tilesDown * tilesAcross;
  for (let channel = first; channel < last; channel++) {
    let target = planes + channel * rowStep;
    for (let tile: i32 = 0; tile < tiles; tile += 4, target += VECTOR) {
      readTiles(scratch, images + channel * channelBytes, imageStep, height, width, padTop, padLeft, tilesDown, tilesAcross, tile, tiles, <i32>size);
      for (let j: usize = 0; j < size; j++) lineToPlanes(size, scratch + BEFORE + j * VECTOR, 8 * VECTOR, scratch + BETWEEN + j * VECTOR, size * VECTOR);
      for (let i: usize = 0; i < 6; i++) lineToPlanes(size, scratch + BETWEEN + size * i * VECTOR, VECTOR, target + 6 * i * planeStep, planeStep);
    }
  }
}

/** Inputs have lines of six numbers, gradients of four. */
@inline
function lineToPlanes(size: usize, from: usize, step: usize, to: usize, stepTo: usize): void {
  if (size == 6) inputLine(from, step, to, stepTo);
  else gradientLine(from, step, to, stepTo);
}

/** Aᵀ m A for all tiles of some channels, written to images (N, C, H, W). The arguments are those of `winogradInputs`. */
export function winogradOutputs(
  planes: usize, planeStep: usize, rowStep: usize, images: usize, imageStep: usize, count: i32, height: i32, width: i32,
  padTop: i32, padLeft: i32, tilesDown: i32, tilesAcross: i32, first: usize, last: usize, scratch: usize,
): void {
  const channelBytes = <usize>(height * width) * 4;
  const tiles = count * tilesDown * tilesAcross;
  for (let channel = first; channel < last; channel++) {
    let source = planes + channel * rowStep;
    for (let tile: i32 = 0; tile < tiles; tile += 4, source += VECTOR) {
      for (let j: usize = 0; j < 6; j++) outputLine(source + j * planeStep, 6 * planeStep, scratch + BETWEEN + j * VECTOR, 6 * VECTOR);
      for (let i: usize = 0; i < 4; i++) outputLine(scratch + BETWEEN + 6 * i * VECTOR, VECTOR, scratch + AFTER + 4 * i * VECTOR, VECTOR);
      writeTiles(scratch, images + channel * channelBytes, imageStep, height, width, tilesDown, tilesAcross, tile, tiles);
    }
  }
}

/**
 * G g Gᵀ for some kernels of 3×3 numbers, in 36 planes. With `flip`, the kernels are turned by 180°.
 *
 * @param count the number of kernels
 * @param first the first one, a multiple of four; `last` is the one after the last
 */
export function winogradKernels(
  planes: usize, planeStep: usize, kernels: usize, count: usize, flip: i32, first: usize, last: usize, scratch: usize,
): void {
  for (let kernel = first; kernel < last; kernel += 4) {
    for (let lane: usize = 0; lane < 4; lane++) {
      const source = kernels + min(kernel + lane, count - 1) * 36;
      for (let i: usize = 0; i < 9; i++) store<f32>(scratch + BEFORE + i * VECTOR + lane * 4, load<f32>(source + (flip ? 8 - i : i) * 4));
    }
    for (let j: usize = 0; j < 3; j++) kernelLine(scratch + BEFORE + j * VECTOR, 3 * VECTOR, scratch + BETWEEN + j * VECTOR, 3 * VECTOR);
    const target = planes + kernel * 4;
    for (let i: usize = 0; i < 6; i++) kernelLine(scratch + BETWEEN + 3 * i * VECTOR, VECTOR, target + 6 * i * planeStep, planeStep);
  }
}

/** Gᵀ u G for some of `count` kernels: gradients of 3×3 numbers. The arguments are those of `winogradKernels`. */
export function winogradKernelGradients(
  kernels: usize, count: usize, planes: usize, planeStep: usize, first: usize, last: usize, scratch: usize,
): void {
  for (let kernel = first; kernel < last; kernel += 4) {
    const source = planes + kernel * 4;
    for (let j: usize = 0; j < 6; j++) kernelGradientLine(source + j * planeStep, 6 * planeStep, scratch + BETWEEN + j * VECTOR, 6 * VECTOR);
    for (let i: usize = 0; i < 3; i++) kernelGradientLine(scratch + BETWEEN + 6 * i * VECTOR, VECTOR, scratch + AFTER + 3 * i * VECTOR, VECTOR);
    for (let lane: usize = 0; lane < min(4, count - kernel); lane++) {
      const target = kernels + (kernel + lane) * 36;
      for (let i: usize = 0; i < 9; i++) store<f32>(target + i * 4, load<f32>(scratch + AFTER + i * VECTOR + lane * 4));
    }
  }
}

// One line of each transform: a row or a column of four tiles or kernels. The matrices are those of Lavin and Gray,
// section 4.2, for the points 0, 1, −1, 2, −2 and ∞.

/** Bᵀ d */
@inline
function inputLine(from: usize, step: usize, to: usize, stepTo: usize): void {
  const d0 = v128.load(from), d1 = v128.load(from + step), d2 = v128.load(from + 2 * step);
  const d3 = v128.load(from + 3 * step), d4 = v128.load(from + 4 * step), d5 = v128.load(from + 5 * step);
  const four = f32x4.splat(4), minusFive = f32x4.splat(-5);
  v128.store(to, f32x4.add(f32x4.add(f32x4.mul(four, d0), f32x4.mul(minusFive, d2)), d4));
  const a = f32x4.sub(d4, f32x4.mul(four, d2)), b = f32x4.sub(d3, f32x4.mul(four, d1));
  v128.store(to + stepTo, f32x4.add(a, b));
  v128.store(to + 2 * stepTo, f32x4.sub(a, b));
  const c = f32x4.sub(d4, d2), e = f32x4.sub(d3, d1);
  const f = f32x4.add(e, e);
  v128.store(to + 3 * stepTo, f32x4.add(c, f));
  v128.store(to + 4 * stepTo, f32x4.sub(c, f));
  v128.store(to + 5 * stepTo, f32x4.add(f32x4.add(f32x4.mul(four, d1), f32x4.mul(minusFive, d3)), d5));
}

/** Aᵀ m */
@inline
function outputLine(from: usize, step: usize, to: usize, stepTo: usize): void {
  const m1 = v128.load(from + step), m2 = v128.load(from + 2 * step), m3 = v128.load(from + 3 * step), m4 = v128.load(from + 4 * step);
  const sum12 = f32x4.add(m1, m2), difference12 = f32x4.sub(m1, m2);
  const sum34 = f32x4.add(m3, m4), difference34 = f32x4.sub(m3, m4);
  v128.store(to, f32x4.add(f32x4.add(v128.load(from), sum12), sum34));
  v128.store(to + stepTo, f32x4.add(difference12, f32x4.add(difference34, difference34)));
  v128.store(to + 2 * stepTo, f32x4.add(sum12, f32x4.mul(f32x4.splat(4), sum34)));
  v128.store(to + 3 * stepTo, f32x4.add(f32x4.add(difference12, f32x4.mul(f32x4.splat(8), difference34)), v128.load(from + 5 * step)));
}

/** A y */
@inline
function gradientLine(from: usize, step: usize, to: usize, stepTo: usize): void {
  const y0 = v128.load(from), y1 = v128.load(from + step), y2 = v128.load(from + 2 * step), y3 = v128.load(from + 3 * step);
  v128.store(to, y0);
  const even = f32x4.add(y0, y2), odd = f32x4.add(y1, y3);
  v128.store(to + stepTo, f32x4.add(even, odd));
  v128.store(to + 2 * stepTo, f32x4.sub(even, odd));
  const even2 = f32x4.add(y0, f32x4.mul(f32x4.splat(4), y2));
  const odd2 = f32x4.add(f32x4.add(y1, y1), f32x4.mul(f32x4.splat(8), y3));
  v128.store(to + 3 * stepTo, f32x4.add(even2, odd2));
  v128.store(to + 4 * stepTo, f32x4.sub(even2, odd2));
  v128.store(to + 5 * stepTo, y3);
}

/** G g */
@inline
function kernelLine(from: usize, step: usize, to: usize, stepTo: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
  v128.store(to, f32x4.mul(f32x4.splat(0.25), g0));
  const outer = f32x4.add(g0, g2), sixth = f32x4.splat(-1.0 / 6.0);
  v128.store(to + stepTo, f32x4.mul(sixth, f32x4.add(outer, g1)));
  v128.store(to + 2 * stepTo, f32x4.mul(sixth, f32x4.sub(outer, g1)));
  const even = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 24.0), g0), f32x4.mul(f32x4.splat(1.0 / 6.0), g2));
  const odd = f32x4.mul(f32x4.splat(1.0 / 12.0), g1);
  v128.store(to + 3 * stepTo, f32x4.add(even, odd));
  v128.store(to + 4 * stepTo, f32x4.sub(even, odd));
  v128.store(to + 5 * stepTo, g2);
}

/** Gᵀ u */
@inline
function kernelGradientLine(from: usize, step: usize, to: usize, stepTo: usize): void {
  const u1 = v128.load(from + step), u2 = v128.load(from + 2 * step), u3 = v128.load(from + 3 * step), u4 = v128.load(from + 4 * step);
  const sixth = f32x4.splat(1.0 / 6.0);
  const near = f32x4.mul(sixth, f32x4.add(u1, u2)), far = f32x4.add(u3, u4);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(f32x4.splat(0.25), v128.load(from)), near), f32x4.mul(f32x4.splat(1.0 / 24.0), far)));
  const odd = f32x4.mul(f32x4.splat(1.0 / 12.0), f32x4.sub(u3, u4));
  v128.store(to + stepTo, f32x4.add(f32x4.mul(sixth, f32x4.sub(u2, u1)), odd));
  v128.store(to + 2 * stepTo, f32x4.add(f32x4.sub(f32x4.mul(sixth, far), near), v128.load(from + 5 * step)));
}

/** Reads four tiles of size × size numbers from the images of one channel. What lies outside an image is 0. */
function readTiles(
  scratch: usize, plane: usize, imageStep: usize, height: i32, width: i32, padTop: i32, padLeft: i32, tilesDown: i32,
  tilesAcross: i32, tile: i32, tiles: i32, size: i32,
): void {
  for (let lane: i32 = 0; lane < 4; lane++) {
    const to = scratch + <usize>lane * TILE_BYTES;
    if (tile + lane >= tiles) {
      memory.fill(to, 0, TILE_BYTES);
      continue;
    }
    const across = (tile + lane) % tilesAcross, row = (tile + lane) / tilesAcross;
    const top = 4 * (row % tilesDown) - padTop, left = 4 * across - padLeft;
    readTile(to, plane + <usize>(row / tilesDown) * imageStep, height, width, top, left, size);
  }
  for (let i: usize = 0; i < <usize>size; i++) {
    const to = scratch + BEFORE + 8 * i * VECTOR, from = scratch + i * TILE_ROW;
    transposeSquare<f32>(to, VECTOR, from, TILE_BYTES);
    if (size > 4) transposeSquare<f32>(to + 4 * VECTOR, VECTOR, from + VECTOR, TILE_BYTES);
  }
}

/** Copies one tile, row by row. */
@inline
function readTile(to: usize, plane: usize, height: i32, width: i32, top: i32, left: i32, size: i32): void {
  if (top >= 0 && left >= 0 && top + size <= height && left + size <= width) {
    let from = plane + <usize>(top * width + left) * 4;
    for (let i: i32 = 0; i < size; i++, from += <usize>width * 4, to += TILE_ROW) {
      v128.store(to, v128.load(from));
      if (size > 4) store<u64>(to + VECTOR, load<u64>(from + VECTOR));
    }
    return;
  }
  memory.fill(to, 0, TILE_BYTES);
  const bottom = min(top + size, height), right = min(left + size, width);
  for (let y = max(top, 0); y < bottom; y++) {
    for (let x = max(left, 0); x < right; x++) {
      store<f32>(to + <usize>(y - top) * TILE_ROW + <usize>(x - left) * 4, load<f32>(plane + <usize>(y * width + x) * 4));
    }
  }
}

/** Writes four tiles of 4×4 numbers to the images of one channel, as far as they lie inside. */
function writeTiles(
  scratch: usize, plane: usize, imageStep: usize, height: i32, width: i32, tilesDown: i32, tilesAcross: i32, tile: i32, tiles: i32,
): void {
  for (let i: usize = 0; i < 4; i++) transposeSquare<f32>(scratch + i * TILE_ROW, TILE_BYTES, scratch + AFTER + 4 * i * VECTOR, VECTOR);
  for (let lane: i32 = 0; lane < min(4, tiles - tile); lane++) {
    const from = scratch + <usize>lane * TILE_BYTES;
    const across = (tile + lane) % tilesAcross, row = (tile + lane) / tilesAcross;
    const top = 4 * (row % tilesDown), left = 4 * across;
    writeTile(plane + <usize>(row / tilesDown) * imageStep, from, height, width, top, left);
  }
}

/** Copies one tile into an image, row by row. */
@inline
function writeTile(plane: usize, from: usize, height: i32, width: i32, top: i32, left: i32): void {
  const bottom = min(top + 4, height), right = min(left + 4, width);
  for (let y = top; y < bottom; y++, from += TILE_ROW) {
    const to = plane + <usize>(y * width + left) * 4;
    if (left + 4 <= width) v128.store(to, v128.load(from));
    else for (let x: i32 = 0; x < right - left; x++) store<f32>(to + <usize>x * 4, load<f32>(from + <usize>x * 4));
  }
}
