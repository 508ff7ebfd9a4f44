/** Sizes by letter: N batch, D inputs, M outputs, C classes, L positions, G groups. */
export type Sizes = Readonly<Record<string, number>>;

/** Constructor options such as `alpha`, `eps` and `bias`, and `evaluation` for evaluation mode. */
export type CaseOptions = Readonly<Record<string, number | boolean>>;

/** One input for a task. All its values are drawn from the seed. */
export interface TestCase {
  name: string;
  sizes: Sizes;
  options: CaseOptions;
  seed: string;
  /** The standard deviation and the mean of x. */
  std: number;
  mean: number;
  /** Whether students may not see it. */
  hidden: boolean;
}

/** A test case with defaults for what is not given. */
export function testCase(changes: Partial<TestCase> & { sizes: Sizes }): TestCase {
  return { name: 'a batch', options: {}, seed: 'public', std: 1, mean: 0, hidden: false, ...changes };
}
