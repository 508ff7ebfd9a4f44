import { decodeBase64 } from './base64.js';
import type { Engine, Matrix } from './engine.js';
import { RELAXED_SIMD, SIMD } from './generated/gemm-wasm.js';
import { readRows, rowsOf, spanOf, writeRows } from './span.js';

/**
 * The fast engine: `assembly/gemm.ts`, compiled to WebAssembly with 128-bit SIMD. WebAssembly sees only a memory of its own,
 * so operands are copied in and the product is copied out. That costs a few hundredths of the product's time: n · k + k · m
 * numbers are copied for n · k · m multiplications.
 *
 * A view is copied with the memory that it spans, and read there by its own strides; a transposed matrix is not
 * rearranged on the way.
 */

/** What gemm.ts exports; addresses and strides are in bytes. */
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

interface Kernel {
  memory: WebAssembly.Memory;
  multiply: Record<'float32' | 'float64', Multiply>;
  /** Where operands may be put, behind the packed blocks. */
  free: number;
}

/** The kernel's packed blocks begin here; what lies below is its own. */
const SCRATCH = 1024;
const PAGE = 65536;
/** Rows of a and out are multiplied in slabs of at most so many bytes, so that a long batch needs little memory. */
const SLAB_BYTES = 2 ** 26;

/** The code this runtime can run, the fastest first; undefined where WebAssembly has no SIMD. */
function supportedCode(): Uint8Array<ArrayBuffer> | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  return [RELAXED_SIMD, SIMD].map(decodeBase64).find((code) => WebAssembly.validate(code));
}

/** Whether the engine runs here. */
export function isWasmSupported(): boolean {
  return supportedCode() !== undefined;
}

let loaded: Kernel | undefined;

function kernel(): Kernel {
  loaded ??= load();
  return loaded;
}

function load(): Kernel {
  const code = supportedCode();
  if (!code) throw new Error('the wasm engine needs WebAssembly with SIMD, which this runtime does not have');
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  const { multiply32, multiply64, scratchBytes } = exports as {
    multiply32: Multiply;
    multiply64: Multiply;
    scratchBytes: () => number;
  };
  return { memory, multiply: { float32: multiply32, float64: multiply64 }, free: aligned(SCRATCH + scratchBytes()) };
}

/** The engine on WebAssembly. */
export const wasm: Engine = {
  name: 'wasm',
  gemm(out, a, b, alpha, beta) {
    const bytesOfRow = (a.shape[1] + out.shape[1]) * a.data.BYTES_PER_ELEMENT;
    const rows = Math.max(1, Math.floor(SLAB_BYTES / bytesOfRow));
    for (let start = 0; start < out.shape[0]; start += rows) {
      const count = Math.min(rows, out.shape[0] - start);
      multiplySlab(rowsOf(out, start, count), rowsOf(a, start, count), b, alpha, beta);
    }
  },
};

function multiplySlab(out: Matrix, a: Matrix, b: Matrix, alpha: number, beta: number): void {
  const { memory, multiply, free } = kernel();
  const size = a.data.BYTES_PER_ELEMENT;
  const [n, m] = out.shape;
  const [inA, inB] = [spanOf(a), spanOf(b)];
  const atA = free;
  const atB = aligned(atA + inA.data.byteLength);
  const atC = aligned(atB + inB.data.byteLength);
  reserve(memory, atC + n * m * size);
  const floats = size === 8 ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer);
  floats.set(inA.data, atA / size);
  floats.set(inB.data, atB / size);
  const c = floats.subarray(atC / size, atC / size + n * m);
  if (beta !== 0) readRows(c, out);
  const [addressA, rowA, columnA] = [atA + inA.first * size, inA.row * size, inA.column * size];
  const [addressB, rowB, columnB] = [atB + inB.first * size, inB.row * size, inB.column * size];
  const multiplyInPlace = multiply[a.dtype];
  multiplyInPlace(
    n,
    m,
    a.shape[1],
    alpha,
    addressA,
    rowA,
    columnA,
    addressB,
    rowB,
    columnB,
    beta,
    atC,
    m * size,
    SCRATCH,
  );
  writeRows(c, out);
}

function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    throw new RangeError(`the wasm engine cannot get ${Math.ceil(bytes / 2 ** 20)} MiB of memory for this product`, {
      cause,
    });
  }
}

/** The next multiple of a cache line. */
function aligned(address: number): number {
  return Math.ceil(address / 64) * 64;
}
