import { inflateSync } from 'fflate';
import { allowRelaxedSimd } from '#relaxed-simd';
import { decodeBase64 } from './base64.js';

/** A WebAssembly module that this runtime can run. */
export interface WasmModule {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether it multiplies and adds in one instruction. */
  relaxed: boolean;
}

/** Two variants of a module, one after the other: with relaxed SIMD, and without. */
export interface PackedModule {
  /** The number of bytes of the variant with relaxed SIMD. */
  relaxed: number;
  /** Both variants, compressed with DEFLATE, in base64. */
  deflated: string;
}

/** The faster variant of a module that this runtime can run. Undefined if it can run neither. */
export function supportedModule({ relaxed, deflated }: PackedModule): WasmModule | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const both = inflateSync(decodeBase64(deflated));
  const better = both.slice(0, relaxed);
  if (!WebAssembly.validate(better)) allowRelaxedSimd();
  if (WebAssembly.validate(better)) return { bytes: better, relaxed: true };
  const bytes = both.slice(relaxed);
  return WebAssembly.validate(bytes) ? { bytes, relaxed: false } : undefined;
}

/** Instantiates a module with a memory, and returns its exports. */
export function instantiate({ bytes }: WasmModule, memory: WebAssembly.Memory): WebAssembly.Instance['exports'] {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
}
