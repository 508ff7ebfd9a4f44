/**
 * Sizes by letter: N batch, D inputs, M outputs, C classes or channels, L positions, G groups. For images: O output
 * channels, H height, W width, and KH and KW for the kernel.
 */
export type Sizes = Readonly<Record<string, number>>;

/**
 * Constructor options such as `alpha`, `eps` and `bias`; `strideW` and `paddingW` where columns differ from rows;
 * `evaluation` for evaluation mode, `ties` for an x with equal values, and `shortcut` for a residual with one.
 */
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
  /** `extreme`: values where a naive formula overflows. `large`: a batch that a formula handles in milliseconds. */
  kind?: 'extreme' | 'large';
}

/** A test case with defaults for what is not given. */
export function testCase(changes: Partial<TestCase> & { sizes: Sizes }): TestCase {
  return { name: 'a batch', options: {}, seed: 'public', std: 1, mean: 0, hidden: false, ...changes };
}

/** The case in words: its sizes and options, such as `N = 3, D = 5, alpha = 0.7`. */
export function caseText({ sizes, options, mean, std }: TestCase): string {
  const x = [...(mean === 0 ? [] : [`mean of x = ${mean}`]), ...(std === 1 ? [] : [`deviation of x = ${std}`])];
  const named = Object.entries({ ...sizes, ...options }).map(([name, value]) => `${name} = ${value}`);
  return [...named, ...x].join(', ');
}

/** How the cases of a task are tested. */
export interface TestKind {
  /** The visible cases. Hidden cases take from the first what they leave out. */
  cases: readonly TestCase[];
  /** What a case decides, such as `dx` and `dweight`. Known before anything runs. */
  aspects: (given: TestCase) => string[];
  /** The aspects that must be right for an aspect to have points. Default: none. */
  needs?: (aspect: string) => string[];
}
