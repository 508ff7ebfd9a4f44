/** Sizes by letter: N batch, D in, M out, C classes, L positions, G groups. */
export type Sizes = Readonly<Record<string, number>>;

/** What an object is made with: `alpha`, `eps`, `bias` …, and `evaluation` for that mode. */
export type Options = Readonly<Record<string, number | boolean>>;

/** One input on which a task is tried: everything about it is drawn from its seed. */
export interface Case {
  name: string;
  sizes: Sizes;
  options: Options;
  seed: string;
  /** The standard deviation and the mean of x. */
  std: number;
  mean: number;
  /** Kept from the student. */
  hidden: boolean;
}

/** A case with some things changed. */
export function caseOf(changes: Partial<Case> & { sizes: Sizes }): Case {
  return { name: 'a batch', options: {}, seed: 'public', std: 1, mean: 0, hidden: false, ...changes };
}
