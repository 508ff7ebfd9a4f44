import { allowRelaxedSimd } from '#relaxed-simd';
import { decodeBase64 } from './base64.js';
import { RELAXED_SIMD, RELAXED_SIMD_SHARED, SIMD, SIMD_SHARED } from './generated/gemm-wasm.js';
import type { Product } from './product.js';

/** The compiled assembly/gemm.ts at work in a memory. */
export interface Kernel {
  /** Computes a product; `scratch` is where the packed blocks go, for this thread alone. */
  multiply(product: Product, scratch: number): void;
  /** The bytes that `scratch` must have. */
  readonly scratchBytes: number;
}

/** Code that this runtime can run, in a memory that threads share or in one that they do not. */
export interface KernelCode {
  code: Uint8Array<ArrayBuffer>;
  shared: boolean;
  /** Whether it multiplies and adds in one instruction. */
  relaxed: boolean;
}

/** The fastest code that this runtime can run; undefined where WebAssembly has no SIMD. */
export function supportedCode(shared: boolean): KernelCode | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  const [relaxed, plain] = (shared ? [RELAXED_SIMD_SHARED, SIMD_SHARED] : [RELAXED_SIMD, SIMD]).map(decodeBase64);
  if (!WebAssembly.validate(relaxed)) allowRelaxedSimd();
  const code = [relaxed, plain].find((bytes) => WebAssembly.validate(bytes));
  return code && { code, shared, relaxed: code === relaxed };
}

/** What gemm.ts exports. */
type Multiply = (
  n: number,
  m: number,
  k: number,
  alpha: number,
  a: number,
  rowA: number,
  columnA: number,
  b: number,
  rowB: number,
  columnB: number,
  beta: number,
  c: number,
  rowC: number,
  scratch: number,
) => void;

/** Puts the code to work in the given memory. */
export function instantiate({ code }: KernelCode, memory: WebAssembly.Memory): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  const { multiply32, multiply64, scratchBytes } = exports as {
    multiply32: Multiply;
    multiply64: Multiply;
    scratchBytes: () => number;
  };
  return {
    scratchBytes: scratchBytes(),
    multiply(p, scratch) {
      const multiply = p.size === 8 ? multiply64 : multiply32;
      multiply(p.n, p.m, p.k, p.alpha, p.a, p.rowA, p.columnA, p.b, p.rowB, p.columnB, p.beta, p.c, p.rowC, scratch);
    },
  };
}
