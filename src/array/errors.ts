/** A shape, axis or index that does not fit; the message names the call, what it expected and what it got. */
export class ShapeError extends RangeError {
  /** The word before the message in print. */
  override readonly name = 'ShapeError';
}

/** An element type, or a kind of value, that does not fit. */
export class DtypeError extends TypeError {
  /** The word before the message in print. */
  override readonly name = 'DtypeError';
}

/** A value that had to be finite and is NaN or infinite. */
export class NonFiniteError extends RangeError {
  /** The word before the message in print, for subclasses too. */
  override readonly name = 'NonFiniteError';
}

/** A body that is still to be written: what the stubs of an assignment throw. */
export class NotImplementedError extends Error {
  /** The word before the message in print. */
  override readonly name = 'NotImplementedError';

  /**
   * An error whose message says that `what` is not implemented yet.
   *
   * @param what the method, such as `Linear.backward`
   */
  constructor(what: string) {
    super(`${what} is not implemented yet`);
  }
}

/** What went wrong, in words, of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A file, folder, flag or option from outside that cannot be used; the message is one sentence for the person who gave it. */
export class InputError extends Error {
  /** The word before the message in print, for subclasses too. */
  override readonly name = 'InputError';
}
