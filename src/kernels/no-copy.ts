/** Replaces copy.ts outside Node, where no memory is shared between threads. */
export function copyFloats<T extends Float32Array | Float64Array>(to: T, at: number, from: T): void {
  to.set(from, at);
}

/** Outside Node all new memory is 0. */
export function unfilledMemory(bytes: number): ArrayBuffer {
  return new ArrayBuffer(bytes);
}
