/** Stands in for relaxed-simd.ts outside Node, where a runtime has relaxed SIMD or has it not. */
export function allowRelaxedSimd(): void {}
