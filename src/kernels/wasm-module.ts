import { allowRelaxedSimd } from '#relaxed-simd';
import { decodeBase64 } from './base64.js';

/** A WebAssembly module that this runtime can run. */
export interface WasmModule {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether it multiplies and adds in one instruction. */
  relaxed: boolean;
}

/**
 * The faster of two variants of a module, given in base64, that this runtime can run. Undefined if it can run
 * neither.
 */
export function supportedModule(relaxed: string, plain: string): WasmModule | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const better = decodeBase64(relaxed);
  if (!WebAssembly.validate(better)) allowRelaxedSimd();
  if (WebAssembly.validate(better)) return { bytes: better, relaxed: true };
  const bytes = decodeBase64(plain);
  return WebAssembly.validate(bytes) ? { bytes, relaxed: false } : undefined;
}

/** Instantiates a module with a memory, and returns its exports. */
export function instantiate({ bytes }: WasmModule, memory: WebAssembly.Memory): WebAssembly.Instance['exports'] {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
}
