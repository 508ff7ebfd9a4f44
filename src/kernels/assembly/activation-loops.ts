/**
 * The exponential and the activation functions in single precision, as in vector-loops.ts, which exports them:
 * addresses and a number of bytes, computed up to the next multiple of 64 bytes.
 */

import { all, exponential, expm1Below, ONE } from './exponential';

// The exponential and the functions of ELU process several vectors at a time, which wait less for each other's
// results and share the constants.

/** out = eˣ */
export function exp(bytes: usize, out: usize, x: usize): void {
  for (let i: usize = 0; i < bytes; i += 64) {
    const e0 = exponential(v128.load(x + i), false);
    const e1 = exponential(v128.load(x + i, 16), false);
    const e2 = exponential(v128.load(x + i, 32), false);
    const e3 = exponential(v128.load(x + i, 48), false);
    v128.store(out + i, e0);
    v128.store(out + i, e1, 16);
    v128.store(out + i, e2, 32);
    v128.store(out + i, e3, 48);
  }
}

/** out = eˣ − 1 */
export function expm1(bytes: usize, out: usize, x: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, exponential(v128.load(x + i), true));
}

/** out = tanh x = (e²ˣ − 1) / (e²ˣ + 1), computed from |x|, so that it is odd. From 10 on, it is 1 in all digits. */
export function tanh(bytes: usize, out: usize, x: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = v128.load(x + i);
    const size = f32x4.min(f32x4.abs(value), f32x4.splat(10));
    const e = exponential(f32x4.add(size, size), true); // e²ˣ − 1
    const positive = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
    v128.store(out + i, v128.or(positive, v128.and(value, f32x4.splat(-0.0))));
  }
}

/** out = x where x > 0, α(eˣ − 1) elsewhere */
export function elu(bytes: usize, out: usize, x: usize, alpha: f32): void {
  const scale = f32x4.splat(alpha);
  for (let i: usize = 0; i < bytes; i += 64) {
    const x0 = v128.load(x + i), x1 = v128.load(x + i, 16), x2 = v128.load(x + i, 32), x3 = v128.load(x + i, 48);
    const below0 = f32x4.mul(scale, expm1Below(x0));
    const below1 = f32x4.mul(scale, expm1Below(x1));
    const below2 = f32x4.mul(scale, expm1Below(x2));
    const below3 = f32x4.mul(scale, expm1Below(x3));
    v128.store(out + i, whereAbove(x0, x0, below0));
    v128.store(out + i, whereAbove(x1, x1, below1), 16);
    v128.store(out + i, whereAbove(x2, x2, below2), 32);
    v128.store(out + i, whereAbove(x3, x3, below3), 48);
  }
}

/** out = 1 where x > 0, αeˣ elsewhere */
export function eluSlope(bytes: usize, out: usize, x: usize, alpha: f32): void {
  const scale = f32x4.splat(alpha);
  for (let i: usize = 0; i < bytes; i += 64) {
    const x0 = v128.load(x + i), x1 = v128.load(x + i, 16), x2 = v128.load(x + i, 32), x3 = v128.load(x + i, 48);
    const below0 = f32x4.mul(scale, exponential(x0, false));
    const below1 = f32x4.mul(scale, exponential(x1, false));
    const below2 = f32x4.mul(scale, exponential(x2, false));
    const below3 = f32x4.mul(scale, exponential(x3, false));
    v128.store(out + i, whereAbove(x0, all(ONE), below0));
    v128.store(out + i, whereAbove(x1, all(ONE), below1), 16);
    v128.store(out + i, whereAbove(x2, all(ONE), below2), 32);
    v128.store(out + i, whereAbove(x3, all(ONE), below3), 48);
  }
}

/** `above` where x > 0, `below` elsewhere. */
@inline
function whereAbove(x: v128, above: v128, below: v128): v128 {
  const isAbove = f32x4.gt(x, f32x4.splat(0));
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_laneselect(above, below, isAbove);
  return v128.bitselect(above, below, isAbove);
}

/** out = x σ(w), with w = 2 C (x + A x³) as in src/layers/gelu.ts. x is clamped so that −∞ · 0 is not computed. */
export function gelu(bytes: usize, out: usize, x: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = v128.load(x + i);
    v128.store(out + i, f32x4.mul(f32x4.max(value, f32x4.splat(-40)), sigmoidOf(value)));
  }
}

/** out = s + x s (1 − s) dw/dx, with s = σ(w). x is clamped so that x² does not overflow. */
export function geluSlope(bytes: usize, out: usize, x: usize): void {
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = f32x4.max(f32x4.min(v128.load(x + i), f32x4.splat(40)), f32x4.splat(-40));
    const s = sigmoidOf(value);
    const dw = f32x4.mul(f32x4.splat(TWO_C), f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(3 * A), f32x4.mul(value, value))));
    const change = f32x4.mul(f32x4.mul(value, dw), f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)));
    v128.store(out + i, f32x4.add(s, change));
  }
}

/** 2 √(2/π) and A of GELU. */
const TWO_C: f32 = 1.5957691216057308;
const A: f32 = 0.044715;

/** σ(w) = 1 / (1 + e⁻ʷ) */
@inline
function sigmoidOf(x: v128): v128 {
  const inner = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(A), f32x4.mul(x, x)));
  const w = f32x4.mul(f32x4.mul(f32x4.splat(-TWO_C), x), inner);
  return f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), exponential(w, false)));
}
