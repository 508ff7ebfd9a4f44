import { allowRelaxedSimd } from '#relaxed-simd';
import { decodeBase64 } from './base64.js';

/** A module of WebAssembly that this runtime can run. */
export interface Code {
  bytes: Uint8Array<ArrayBuffer>;
  /** Whether it multiplies and adds in one instruction. */
  relaxed: boolean;
}

/** The better of two variants of a module that this runtime can run, from base64; undefined where it can run neither. */
export function supportedCode(relaxed: string, plain: string): Code | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const better = decodeBase64(relaxed);
  if (!WebAssembly.validate(better)) allowRelaxedSimd();
  if (WebAssembly.validate(better)) return { bytes: better, relaxed: true };
  const bytes = decodeBase64(plain);
  return WebAssembly.validate(bytes) ? { bytes, relaxed: false } : undefined;
}

/** Puts a module to work in a memory; returns what it exports. */
export function instantiate({ bytes }: Code, memory: WebAssembly.Memory): WebAssembly.Instance['exports'] {
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports;
}
