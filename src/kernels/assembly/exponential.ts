/**
 * The exponential of four numbers at once, correct except for the last digit or two of single precision. Processors
 * have no instruction for it.
 *
 * Write x = k ln 2 + r with an integer k and |r| ≤ ln 2 / 2. Then eˣ = 2ᵏ eʳ. The power of two goes directly into the
 * exponent of the float. r is so small that the Taylor series of eʳ up to r⁷ is exact to the 24 bits of a float. ln 2
 * is the sum of two constants. The first has so few digits that its product with k is exact, so subtracting it loses
 * nothing.
 */

/**
 * 1.5 · 2²³. A float of this size has no fraction, so adding it to a number rounds the number to an integer, in the
 * last bits.
 */
const ROUNDER: f32 = 12582912;

// The constants are in memory: loading one is a single instruction, creating one in a vector register takes four.
const NUMBERS = memory.data<f32>([
  -104, 89, // outside this interval, eˣ is 0 or ∞ in single precision
  1.4426950408889634, 0.693145751953125, 1.4286068202862268e-6, // log₂e, and ln 2 as two numbers
  ROUNDER, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040,
  -20, // below this, eˣ − 1 is −1
]);
const LOWEST = NUMBERS;
const HIGHEST = NUMBERS + 4;
const LOG2_E = NUMBERS + 8;
const LN2_HIGH = NUMBERS + 12;
const LN2_LOW = NUMBERS + 16;
const ROUND = NUMBERS + 20;
export const ONE = NUMBERS + 24;
const HALF = NUMBERS + 28;
const SIXTH = NUMBERS + 32;
const NEGLIGIBLE = NUMBERS + 52;

/** A vector filled with one of the numbers. */
@inline
export function all(number: usize): v128 {
  return v128.load32_splat(number);
}

/** eˣ, or eˣ − 1. */
@inline
export function exponential(value: v128, minusOne: bool): v128 {
  const x = f32x4.pmax(f32x4.pmin(value, all(HIGHEST)), all(LOWEST)); // NaN stays NaN
  const rounded = multiplyAdd(x, all(LOG2_E), all(ROUND));
  const k = f32x4.sub(rounded, all(ROUND));
  const r = f32x4.sub(lessExact(k, all(LN2_HIGH), x), f32x4.mul(k, all(LN2_LOW)));
  const series = seriesMinusOne(r);
  // 2ᵏ = 2ʰ 2ᵏ⁻ʰ with h half of k, because 2ᵏ may be out of range when 2ᵏeʳ is not. The 1 is subtracted from 2ᵏ, not
  // at the end, where it would cancel the digits of a small x: 2ᵏ(series + 1) − 1 = 2ᵏ⁻ʰ (2ʰ series + (2ʰ − 2ʰ⁻ᵏ)).
  const power = i32x4.sub(rounded, all(ROUND));
  const half = i32x4.shr_s(power, 1);
  const first = powerOfTwo(half);
  const rest = i32x4.sub(power, half);
  const base = minusOne ? f32x4.sub(first, powerOfTwo(i32x4.neg(rest))) : first;
  return f32x4.mul(multiplyAdd(first, series, base), powerOfTwo(rest));
}

/** eˣ − 1 for x ≤ 0. There 2ᵏ is always in range, so 2ᵏ series + (2ᵏ − 1) gives the same digits in fewer steps. */
@inline
export function expm1Below(value: v128): v128 {
  const x = f32x4.pmax(value, all(NEGLIGIBLE));
  const rounded = multiplyAdd(x, all(LOG2_E), all(ROUND));
  const k = f32x4.sub(rounded, all(ROUND));
  const r = f32x4.sub(lessExact(k, all(LN2_HIGH), x), f32x4.mul(k, all(LN2_LOW)));
  const power = powerOfTwo(rounded); // the shift removes all bits of ROUND
  return multiplyAdd(power, seriesMinusOne(r), f32x4.sub(power, all(ONE)));
}

/** eʳ − 1 = r + r²/2! + … + r⁷/7!, by Horner's method. */
@inline
function seriesMinusOne(r: v128): v128 {
  let sum = multiplyAdd(all(SIXTH + 16), r, all(SIXTH + 12));
  sum = multiplyAdd(sum, r, all(SIXTH + 8));
  sum = multiplyAdd(sum, r, all(SIXTH + 4));
  sum = multiplyAdd(sum, r, all(SIXTH));
  sum = multiplyAdd(sum, r, all(HALF));
  return multiplyAdd(f32x4.mul(sum, r), r, r);
}

// One instruction with relaxed SIMD, otherwise two.
@inline
function multiplyAdd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(f32x4.mul(x, y), sum);
}

/** sum − x · y for an exact product: fused or not, it has the same bits. */
@inline
function lessExact(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(x, y, sum);
  return f32x4.sub(sum, f32x4.mul(x, y));
}

/** The float 2ᵏ: the bits of 1, with k added to the exponent, which stands before the 23 bits of the fraction. */
@inline
function powerOfTwo(k: v128): v128 {
  return i32x4.add(i32x4.shl(k, 23), all(ONE));
}
