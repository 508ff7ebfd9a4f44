/**
 * The protocol between the grader and the harness: one line of JSON per message. Arrays are sent as bytes, so NaN and
 * all digits survive.
 */

/** An encoded array. */
export interface WireArray {
  $array: string;
  shape: number[];
}

/**
 * A value that the harness decodes before it passes it to a submission: an array, a `Random` from its seed, an object
 * made earlier, the parameters of one, or a new object of the library.
 */
export type WireValue =
  | number
  | string
  | boolean
  | null
  | WireArray
  | { $random: number | string }
  | { $ref: string }
  | { $parameters: string }
  | { $new: string; args: WireValue[] }
  | WireValue[]
  | { [key: string]: WireValue };

/** A request of the grader. */
export type Request =
  | { op: 'make'; as: string; file: string; name: string; args: WireValue[] }
  | { op: 'library'; as: string; name: string; args: WireValue[] }
  | { op: 'set'; of: string; what: 'value' | 'grad'; arrays: WireArray[] }
  | { op: 'call'; of: string; method: string; args: WireValue[] }
  | { op: 'apply'; file: string; name: string; args: WireValue[] }
  | { op: 'get'; of: string; what: 'value' | 'grad' }
  | { op: 'field'; of: string; field: string }
  | { op: 'setField'; of: string; field: string; array: WireArray };

/** An answer to a request. Where it comes from the harness, it is untrusted. */
export interface Answer {
  /** One array, several arrays, or null for anything that is not an array. */
  value?: WireArray | WireArray[] | null;
  /** What a value is that is not an array. */
  instead?: string;
  /** Whether the call changed one of its arguments. */
  changed?: boolean;
  error?: { name: string; message: string; at?: string };
}

/** A message of the harness: the answer to the request with the same number. */
export interface Reply extends Answer {
  id: number;
}

/** What answers requests. */
export interface Responder {
  /** @param limit milliseconds */
  ask(request: Request, limit: number): Promise<Answer>;
  /** The milliseconds that the last request used. */
  readonly used: number;
}
