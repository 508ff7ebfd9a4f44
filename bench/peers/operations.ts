/**
 * The few array operations that a hand-written training step needs. Each array library without gradients of its own
 * implements them in its best way, and `by-hand.ts` trains with them; so all of them do the same arithmetic.
 *
 * `b` of `add`, `subtract`, `multiply` and `divide` is of a's shape (N, M), or a row (1, M) for each of a's rows.
 */
export interface Operations<A> {
  array(data: Float32Array | Float64Array, shape: readonly [rows: number, columns: number]): A;
  numbers(a: A): ArrayLike<number>;
  /** a b; with `transposed`, aᵀ b or a bᵀ. */
  matmul(a: A, b: A, transposed?: 'a' | 'b'): A;
  add(a: A, b: A): A;
  subtract(a: A, b: A): A;
  multiply(a: A, b: A): A;
  divide(a: A, b: A): A;
  /** a · factor. */
  scale(a: A, factor: number): A;
  /** √(a + epsilon). */
  sqrt(a: A, epsilon: number): A;
  /** a + amount. */
  shift(a: A, amount: number): A;
  /** The sum over the rows: (N, M) to (1, M). */
  sumRows(a: A): A;
  elu(x: A): A;
  /** dout · ELU′(x). */
  eluBackward(x: A, dout: A): A;
  /** Along the rows, shifted by their maxima. */
  softmax(logits: A): A;
  /** −(1/N) Σ targets · log probs. */
  crossEntropy(probs: A, targets: A): number;
  /** Frees all that was made while it ran, save what it returns. */
  tidy(make: () => A[]): A[];
  /** Frees arrays that are not needed again. */
  release(arrays: readonly A[]): void;
}
