/** A wrong shape, axis or index. The message names the call, what it expected, and what it got. */
export class ShapeError extends RangeError {
  /** The word before the message in print. */
  override readonly name = 'ShapeError';
}

/** A wrong element type, or a wrong kind of value. */
export class DtypeError extends TypeError {
  /** The word before the message in print. */
  override readonly name = 'DtypeError';
}

/** A value that must be finite, but is NaN or infinite. */
export class NonFiniteError extends RangeError {
  /** The word before the message in print, for subclasses too. */
  override readonly name = 'NonFiniteError';
}

/** A method that is not written yet. The stubs of an assignment throw it. */
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

/** Text from a file for an error message: characters that would move the cursor or end the line become `?`. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, '?');
}

/** The message of a thrown value of any kind. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A file, folder, flag or option that cannot be used. The message is one sentence for the person who gave it. */
export class InputError extends Error {
  /** The word before the message in print, for subclasses too. */
  override readonly name = 'InputError';
}
