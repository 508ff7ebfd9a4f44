/**
 * The exponential, four at a time, to the last digit or two of single precision. There is no instruction for it.
 *
 * It is taken in two parts: x = k ln 2 + r with a whole k and |r| ≤ ln 2 / 2, so eˣ = 2ᵏ eʳ. The power of two is
 * written straight into a float's exponent, and Taylor's series of eʳ, so near 0, is exact to float's 24 bits after r⁷.
 * ln 2 has two parts of its own: k times the first, of few digits, is exact, and the subtraction cancels it without loss.
 */

/** 1.5 · 2²³: a float this large has no digits after the point, so adding it rounds, and leaves the whole number in its last bits. */
const ROUNDER: f32 = 12582912;

// The constants stand in memory: reading one is a single instruction, writing one into a vector register takes four.
const NUMBERS = memory.data<f32>([
  -104, 89, // beyond these eˣ is 0 or ∞ in single precision
  1.4426950408889634, 0.693145751953125, 1.4286068202862268e-6, // log₂e, and ln 2 in two parts
  ROUNDER, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040,
  -20, // below this eˣ − 1 is −1
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
  // 2ᵏ = 2ʰ 2ᵏ⁻ʰ with h half of k, since 2ᵏ may be out of range where 2ᵏeʳ is not. The 1 is taken from 2ᵏ and not from the end,
  // where it would cancel the digits of a small x: 2ᵏ(series + 1) − 1 = 2ᵏ⁻ʰ (2ʰ series + (2ʰ − 2ʰ⁻ᵏ)).
  const power = i32x4.sub(rounded, all(ROUND));
  const half = i32x4.shr_s(power, 1);
  const first = powerOfTwo(half);
  const rest = i32x4.sub(power, half);
  const base = minusOne ? f32x4.sub(first, powerOfTwo(i32x4.neg(rest))) : first;
  return f32x4.mul(multiplyAdd(first, series, base), powerOfTwo(rest));
}

/** eˣ − 1 for x up to 0, where 2ᵏ is in range whenever it matters: 2ᵏ series + (2ᵏ − 1), the same digits in fewer steps. */
@inline
export function expm1Below(value: v128): v128 {
  const x = f32x4.pmax(value, all(NEGLIGIBLE));
  const rounded = multiplyAdd(x, all(LOG2_E), all(ROUND));
  const k = f32x4.sub(rounded, all(ROUND));
  const r = f32x4.sub(lessExact(k, all(LN2_HIGH), x), f32x4.mul(k, all(LN2_LOW)));
  const power = powerOfTwo(rounded); // ROUND's own bits are all shifted out
  return multiplyAdd(power, seriesMinusOne(r), f32x4.sub(power, all(ONE)));
}

/** eʳ − 1 = r + r²/2! + … + r⁷/7!, by Horner's rule. */
@inline
function seriesMinusOne(r: v128): v128 {
  let sum = multiplyAdd(all(SIXTH + 16), r, all(SIXTH + 12));
  sum = multiplyAdd(sum, r, all(SIXTH + 8));
  sum = multiplyAdd(sum, r, all(SIXTH + 4));
  sum = multiplyAdd(sum, r, all(SIXTH));
  sum = multiplyAdd(sum, r, all(HALF));
  return multiplyAdd(f32x4.mul(sum, r), r, r);
}

// One instruction where the engine has it, two where it has not.
@inline
function multiplyAdd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(f32x4.mul(x, y), sum);
}

/** sum − x · y, for a product that is exact: fused or not, it has the same bits. */
@inline
function lessExact(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(x, y, sum);
  return f32x4.sub(sum, f32x4.mul(x, y));
}

/** The float whose exponent is k: its bits are those of 1, and k added to the exponent in front of the 23 digits. */
@inline
function powerOfTwo(k: v128): v128 {
  return i32x4.add(i32x4.shl(k, 23), all(ONE));
}
