/** Stands in for copy.ts outside Node, where memory that threads share is not used. */
export function copyFloats<T extends Float32Array | Float64Array>(to: T, at: number, from: T): void {
  to.set(from, at);
}
