/** Replaces relaxed-simd.ts outside Node, where relaxed SIMD cannot be switched on. */
export function allowRelaxedSimd(): void {}
