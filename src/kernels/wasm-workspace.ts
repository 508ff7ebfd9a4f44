import { aligned, currentContext, reserve } from './wasm-context.js';

/** Several matrices of one size in WebAssembly's memory. The address and the strides are in bytes. */
export interface Planes {
  address: number;
  row: number;
  column: number;
  /** From one matrix to the next. */
  step: number;
}

/** The memory of a convolution, handed out from the first free address on. */
export class WasmWorkspace {
  private end = currentContext().free;

  /** The address of a number of floats. */
  floats(length: number): number {
    const address = this.end;
    this.end += aligned(4 * length);
    return address;
  }

  /**
   * Some matrices. They are three cache lines further apart than they need to be: at distances of a power of two, all
   * of them would compete for the same few places of the cache.
   */
  planes(count: number, rows: number, columns: number): Planes {
    const step = aligned(4 * rows * columns) + 3 * 64;
    return { address: this.floats((count * step) / 4), row: 4 * columns, column: 4, step };
  }

  /** WebAssembly's memory, with room for everything. */
  open(): Float32Array {
    const { memory } = currentContext();
    reserve(memory, this.end);
    return new Float32Array(memory.buffer);
  }
}
