/**
 * Element-wise functions in single precision, four elements at a time, in AssemblyScript, compiled to WebAssembly
 * with 128-bit SIMD. Most of their time goes to memory, so what a layer would do in several passes is done in one
 * pass here.
 *
 * They take addresses and a number of bytes. The elements up to the next multiple of 64 bytes are computed too.
 */

import { exponential } from './exponential';

export { elu, eluSlope, exp, expm1, gelu, geluSlope, tanh } from './activation-loops';

/** out = x + y */
export function add(bytes: usize, out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.add(v128.load(x + i), v128.load(y + i)));
}

/** out = x − y */
export function subtract(bytes: usize, out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.sub(v128.load(x + i), v128.load(y + i)));
}

/** out = x ∘ y */
export function multiply(bytes: usize, out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.mul(v128.load(x + i), v128.load(y + i)));
}

/** out = x ⊘ y */
export function divide(bytes: usize, out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.div(v128.load(x + i), v128.load(y + i)));
}

/** out = the larger of x and y, or NaN if one of them is NaN */
export function maximum(bytes: usize, out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.max(v128.load(x + i), v128.load(y + i)));
}

/** out = the smaller of x and y, or NaN if one of them is NaN */
export function minimum(bytes: usize, out: usize, x: usize, y: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.min(v128.load(x + i), v128.load(y + i)));
}

/** out = d where x > 0 or x is NaN, otherwise 0 */
export function gate(bytes: usize, out: usize, d: usize, x: usize): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, v128.andnot(v128.load(d + i), f32x4.le(v128.load(x + i), zero)));
}

// The functions whose names end in `Each` take rows with a number for each row. A row is a whole number of vectors.

/** out = x + number */
export function addEach(rows: usize, bytes: usize, out: usize, x: usize, numbers: usize): void {
  for (let row: usize = 0; row < rows; row++, numbers += 4, out += bytes, x += bytes) {
    const number = v128.load32_splat(numbers);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.add(v128.load(x + i), number));
  }
}

/** out = x − number */
export function subtractEach(rows: usize, bytes: usize, out: usize, x: usize, numbers: usize): void {
  for (let row: usize = 0; row < rows; row++, numbers += 4, out += bytes, x += bytes) {
    const number = v128.load32_splat(numbers);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.sub(v128.load(x + i), number));
  }
}

/** out = x · number */
export function multiplyEach(rows: usize, bytes: usize, out: usize, x: usize, numbers: usize): void {
  for (let row: usize = 0; row < rows; row++, numbers += 4, out += bytes, x += bytes) {
    const number = v128.load32_splat(numbers);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.mul(v128.load(x + i), number));
  }
}

/** out = x · scale + shift */
export function scaleShiftEach(rows: usize, bytes: usize, out: usize, x: usize, scales: usize, shifts: usize): void {
  for (let row: usize = 0; row < rows; row++, scales += 4, shifts += 4, out += bytes, x += bytes) {
    const scale = v128.load32_splat(scales), shift = v128.load32_splat(shifts);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.add(f32x4.mul(v128.load(x + i), scale), shift));
  }
}

/** y += x · number */
export function addProductEach(rows: usize, bytes: usize, y: usize, x: usize, numbers: usize): void {
  for (let row: usize = 0; row < rows; row++, numbers += 4, y += bytes, x += bytes) {
    const number = v128.load32_splat(numbers);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(y + i, f32x4.add(v128.load(y + i), f32x4.mul(v128.load(x + i), number)));
  }
}

/** total += the sum of each row of x, in double precision */
export function sumEach(rows: usize, bytes: usize, totals: usize, x: usize): void {
  for (let row: usize = 0; row < rows; row++, totals += 8, x += bytes) {
    let left = f64x2.splat(0), right = f64x2.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const numbers = v128.load(x + i);
      left = f64x2.add(left, f64x2.promote_low_f32x4(numbers));
      right = f64x2.add(right, f64x2.promote_low_f32x4(v128.shuffle<f32>(numbers, numbers, 2, 3, 2, 3)));
    }
    addLanes(totals, f64x2.add(left, right));
  }
}

/** total += the sum of each row of x ∘ y. The products are in single precision, their sum is in double precision. */
export function sumProductsEach(rows: usize, bytes: usize, totals: usize, x: usize, y: usize): void {
  for (let row: usize = 0; row < rows; row++, totals += 8, x += bytes, y += bytes) {
    let left = f64x2.splat(0), right = f64x2.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const products = f32x4.mul(v128.load(x + i), v128.load(y + i));
      left = f64x2.add(left, f64x2.promote_low_f32x4(products));
      right = f64x2.add(right, f64x2.promote_low_f32x4(v128.shuffle<f32>(products, products, 2, 3, 2, 3)));
    }
    addLanes(totals, f64x2.add(left, right));
  }
}

@inline
function addLanes(total: usize, pair: v128): void {
  store<f64>(total, load<f64>(total) + f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1));
}

/** out = x + scale · y */
export function addScaled(bytes: usize, out: usize, x: usize, y: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, f32x4.add(v128.load(x + i), f32x4.mul(factor, v128.load(y + i))));
  }
}

/**
 * One step of gradient descent with momentum: g = grad + decay · x, velocity = momentum · velocity + g, and
 * x −= ofGradient · g + ofVelocity · velocity.
 */
export function descend(
  bytes: usize, x: usize, grad: usize, velocity: usize,
  momentum: f32, decay: f32, ofGradient: f32, ofVelocity: f32,
): void {
  const keep = f32x4.splat(momentum), pull = f32x4.splat(decay);
  const direct = f32x4.splat(ofGradient), smooth = f32x4.splat(ofVelocity);
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = v128.load(x + i);
    const g = f32x4.add(v128.load(grad + i), f32x4.mul(pull, value));
    const b = f32x4.add(f32x4.mul(keep, v128.load(velocity + i)), g);
    v128.store(velocity + i, b);
    v128.store(x + i, f32x4.sub(value, f32x4.add(f32x4.mul(direct, g), f32x4.mul(smooth, b))));
  }
}

/**
 * One step of Adam: g = grad + decay · x, first = β₁ first + (1 − β₁) g, second = β₂ second + (1 − β₂) g², and
 * x = keep · x − step · first / (√second + eps).
 */
export function adam(
  bytes: usize, x: usize, grad: usize, first: usize, second: usize,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, step: f32, eps: f32, decay: f32, keep: f32,
): void {
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2);
  const length = f32x4.splat(step), least = f32x4.splat(eps), pull = f32x4.splat(decay), stay = f32x4.splat(keep);
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = v128.load(x + i);
    const g = f32x4.add(v128.load(grad + i), f32x4.mul(pull, value));
    const m = f32x4.add(f32x4.mul(b1, v128.load(first + i)), f32x4.mul(r1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(second + i)), f32x4.mul(r2, f32x4.mul(g, g)));
    v128.store(first + i, m);
    v128.store(second + i, v);
    const quotient = f32x4.div(f32x4.mul(length, m), f32x4.add(f32x4.sqrt(v), least));
    v128.store(x + i, f32x4.sub(f32x4.mul(stay, value), quotient));
  }
}

/**
 * totals += the rows of x, in double precision. A row has the given number of bytes in x, and twice as many in
 * totals.
 */
export function sumRows(rows: usize, bytes: usize, totals: usize, x: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    let left = v128.load(totals + 2 * i);
    let right = v128.load(totals + 2 * i, 16);
    for (let row: usize = 0, at = x + i; row < rows; row++, at += bytes) {
      const numbers = v128.load(at);
      left = f64x2.add(left, f64x2.promote_low_f32x4(numbers));
      right = f64x2.add(right, f64x2.promote_low_f32x4(v128.shuffle<f32>(numbers, numbers, 2, 3, 2, 3)));
    }
    v128.store(totals + 2 * i, left);
    v128.store(totals + 2 * i, right, 16);
  }
}

/** Fills row i of out, of the given number of bytes, with number i of x. */
export function repeatEach(rows: usize, bytes: usize, out: usize, x: usize): void {
  const vectors = bytes - bytes % 16;
  for (let row: usize = 0; row < rows; row++, out += bytes, x += 4) {
    const value = v128.load32_splat(x);
    for (let i: usize = 0; i < vectors; i += 16) v128.store(out + i, value);
    for (let i = vectors; i < bytes; i += 4) v128.store32_lane(out + i, value, 0);
  }
}

/**
 * Replaces x with x − m, where m is the largest number of each row, and computes the exponentials of the result and
 * the sum of each row of these, in double precision. It works on four rows at a time: a vector has one number of
 * each, so a row can have any length.
 */
export function shiftedExponentials(rows: usize, bytes: usize, x: usize, exponentials: usize, sums: usize): void {
  for (let row: usize = 0; row < rows; row += 4, x += 4 * bytes, exponentials += 4 * bytes, sums += 16) {
    let most = gather(x, bytes);
    for (let i: usize = 4; i < bytes; i += 4) most = f32x4.pmax(most, gather(x + i, bytes)); // a NaN appears in the sum
    let left = f64x2.splat(0), right = f64x2.splat(0);
    for (let i: usize = 0; i < bytes; i += 4) {
      const shifted = f32x4.sub(gather(x + i, bytes), most);
      scatter(x + i, bytes, shifted);
      const e = exponential(shifted, false);
      scatter(exponentials + i, bytes, e);
      left = f64x2.add(left, f64x2.promote_low_f32x4(e));
      right = f64x2.add(right, f64x2.promote_low_f32x4(v128.shuffle<f32>(e, e, 2, 3, 2, 3)));
    }
    const pair = f32x4.demote_f64x2_zero(left);
    v128.store(sums, v128.shuffle<f32>(pair, f32x4.demote_f64x2_zero(right), 0, 1, 4, 5));
  }
}

/** Reads one number from each of four rows. */
@inline
function gather(from: usize, bytes: usize): v128 {
  let numbers = v128.load32_zero(from);
  numbers = v128.load32_lane(from + bytes, numbers, 1);
  numbers = v128.load32_lane(from + 2 * bytes, numbers, 2);
  return v128.load32_lane(from + 3 * bytes, numbers, 3);
}

/** Writes one number to each of four rows. */
@inline
function scatter(to: usize, bytes: usize, numbers: v128): void {
  v128.store32_lane(to, numbers, 0);
  v128.store32_lane(to + bytes, numbers, 1);
  v128.store32_lane(to + 2 * bytes, numbers, 2);
  v128.store32_lane(to + 3 * bytes, numbers, 3);
}

/** out = x² */
export function square(bytes: usize, out: usize, x: usize): void {
  multiply(bytes, out, x, x);
}

/** out = √x */
export function sqrt(bytes: usize, out: usize, x: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, f32x4.sqrt(v128.load(x + i)));
}
