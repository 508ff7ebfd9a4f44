/** Sizes by letter: N batch, D in, M out, C classes, L positions, G groups. */
export type Sizes = Readonly<Record<string, number>>;

/** What an object is made with: `alpha`, `eps`, `bias` …, and `evaluation` for that mode. */
export type CaseOptions = Readonly<Record<string, number | boolean>>;

/** One input on which a task is tried: everything about it is drawn from its seed. */
export interface TestCase {
  name: string;
  sizes: Sizes;
  options: CaseOptions;
  seed: string;
  /** The standard deviation and the mean of x. */
  std: number;
  mean: number;
  /** Kept from the student. */
  hidden: boolean;
}

/** A case with some things changed. */
export function testCase(changes: Partial<TestCase> & { sizes: Sizes }): TestCase {
  return { name: 'a batch', options: {}, seed: 'public', std: 1, mean: 0, hidden: false, ...changes };
}
