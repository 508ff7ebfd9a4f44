/** What parent and child say to each other: a line of JSON each. Arrays travel as their bytes, so that every digit and NaN arrive. */

/** An array on its way. */
export interface WireArray {
  $array: string;
  shape: number[];
}

/**
 * A value that the child makes before it hands it to a submission: an array, a generator from its seed, an object made
 * before, the parameters of one, or a new object of the library's.
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

/** What the parent asks. */
export type Request =
  | { op: 'make'; as: string; file: string; name: string; args: WireValue[] }
  | { op: 'library'; as: string; name: string; args: WireValue[] }
  | { op: 'set'; of: string; what: 'value' | 'grad'; arrays: WireArray[] }
  | { op: 'call'; of: string; method: string; args: WireValue[] }
  | { op: 'apply'; file: string; name: string; args: WireValue[] }
  | { op: 'get'; of: string; what: 'value' | 'grad' }
  | { op: 'field'; of: string; field: string }
  | { op: 'setField'; of: string; field: string; array: WireArray };

/** What the child answers; nothing in it is believed but that somebody sent it. */
export interface Reply {
  id: number;
  /** One array, or several, or null for something that is no array. */
  value?: WireArray | WireArray[] | null;
  /** What came instead of an array. */
  instead?: string;
  /** Whether an array that was handed over has been changed. */
  changed?: boolean;
  /** Forwards of the object that were counted while it was called. */
  forwards?: number;
  error?: { name: string; message: string; at?: string };
}
