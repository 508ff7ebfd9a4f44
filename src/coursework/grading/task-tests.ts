import type { Task, TaskFile } from '../task.js';
import { testDropout, testDropoutBackward } from './dropout-tests.js';
import { GRADED_LAYERS } from './graded-layers.js';
import { type TestResult, testBackward, testExtremes, testForward, testSpeed } from './layer-tests.js';
import { GRADED_LOSSES, testLoss, testLossBackward } from './loss-tests.js';
import type { SubmissionClient } from './submission-client.js';
import { type TestCase, testCase } from './test-case.js';
import { testAccuracy, testMlp, testTrainStep } from './training-tests.js';

/** One test of a task. */
export interface TaskTest {
  run: (client: SubmissionClient) => Promise<TestResult[]>;
  case: TestCase;
  /** Whether the whole task has 0 points if this takes too long. Its other errors do not count. */
  speed?: boolean;
}

const DROPOUT = [
  testCase({ sizes: { N: 40, D: 30 }, options: { p: 0.4 } }),
  testCase({ sizes: { N: 40, D: 30 }, options: { p: 0.4, evaluation: true }, name: 'evaluation' }),
];

const OTHERS: Readonly<
  Record<
    string,
    { cases: TestCase[]; run: (client: SubmissionClient, file: string, given: TestCase) => Promise<TestResult[]> }
  >
> = {
  'dropout.forward': { cases: DROPOUT, run: testDropout },
  'dropout.backward': { cases: DROPOUT, run: testDropoutBackward },
  'mlp.layers': { cases: [testCase({ sizes: { N: 3, D: 4, C: 2 } })], run: testMlp },
  accuracy: {
    cases: [testCase({ sizes: { N: 17, C: 4 } }), testCase({ sizes: { N: 1, C: 3 }, name: 'a batch of one' })],
    run: testAccuracy,
  },
  'train-step': { cases: [testCase({ sizes: { N: 5, C: 4 } })], run: testTrainStep },
};

/**
 * All tests of a task.
 *
 * @param seed the seed of the public cases
 * @param hidden more cases: what they leave out is taken from the task's first case
 */
export function taskTests(file: TaskFile, task: Task, seed: string, hidden: readonly Partial<TestCase>[]): TaskTest[] {
  const backward = task.id.endsWith('.backward');
  const withHidden = (cases: readonly TestCase[]) => [
    ...cases.map((it) => ({ ...it, seed })),
    ...hidden.map((changes) => merged(cases[0], changes)),
  ];
  const other = OTHERS[task.id];
  if (other) {
    return withHidden(other.cases).map((given) => ({
      case: given,
      run: (client) => other.run(client, file.id, given),
    }));
  }
  const loss = GRADED_LOSSES[file.id];
  if (loss) {
    const plain = withHidden(loss.cases).map((given) => ({
      case: given,
      run: (client: SubmissionClient) => (backward ? testLossBackward : testLoss)(client, file.id, file.exports, given),
    }));
    const given = { ...loss.cases[0], name: 'extremes', seed };
    const extreme = {
      case: given,
      run: (client: SubmissionClient) => testLoss(client, file.id, file.exports, given, true),
    };
    return backward ? plain : [...plain, extreme];
  }
  return layerTests(file, backward, withHidden(GRADED_LAYERS[file.id].cases), seed);
}

function layerTests(file: TaskFile, backward: boolean, cases: readonly TestCase[], seed: string): TaskTest[] {
  const spec = GRADED_LAYERS[file.id];
  const { id, exports } = file;
  const test = backward ? testBackward : testForward;
  const plain = cases.map((given) => ({
    case: given,
    run: (client: SubmissionClient) => test(client, id, exports, spec, given),
  }));
  const first = { ...cases[0], seed };
  if (backward) {
    return [...plain, { case: first, speed: true, run: (client) => testSpeed(client, id, exports, spec) }];
  }
  if (!spec.extremes) return plain;
  return [...plain, { case: first, run: (client) => testExtremes(client, id, exports, spec) }];
}

function merged(base: TestCase, { sizes, options, ...rest }: Partial<TestCase>): TestCase {
  return {
    ...base,
    name: 'a hidden case',
    ...rest,
    sizes: { ...base.sizes, ...sizes },
    options: { ...base.options, ...options },
    hidden: true,
  };
}
