/** The two operations of a library whose product takes no transposed views, so that transposing means a copy. */
interface Library<A> {
  multiply(a: A, b: A): A;
  transpose(a: A): A;
}

/** aᵀ b or a bᵀ with the smaller copies: aᵀ b is also (bᵀ a)ᵀ, and a bᵀ is (b aᵀ)ᵀ. */
export function matmulTransposed<A extends { shape: readonly number[] }>(
  a: A,
  b: A,
  side: 'a' | 'b',
  { multiply, transpose }: Library<A>,
): A {
  const [rows, columns] = side === 'a' ? [a.shape[1], b.shape[1]] : [a.shape[0], b.shape[0]];
  const [turned, other] = side === 'a' ? [a, b] : [b, a];
  const direct = sizeOf(turned) <= sizeOf(other) + rows * columns;
  if (side === 'a') return direct ? multiply(transpose(a), b) : transpose(multiply(transpose(b), a));
  return direct ? multiply(a, transpose(b)) : transpose(multiply(b, transpose(a)));
}

function sizeOf({ shape }: { shape: readonly number[] }): number {
  return shape[0] * shape[1];
}
