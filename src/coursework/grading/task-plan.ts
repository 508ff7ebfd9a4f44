import type { Task, TaskFile } from '../task.js';
import { CONVNET_KIND, testConvNet } from './convnet-tests.js';
import { DROPOUT_BACKWARD, DROPOUT_FORWARD, testDropout, testDropoutBackward } from './dropout-tests.js';
import { GRADED_LAYERS } from './graded-layers.js';
import { backwardKind, forwardKind, testBackward, testForward } from './layer-tests.js';
import { LOSS_BACKWARD, LOSS_FORWARD, testLoss, testLossBackward } from './loss-tests.js';
import type { TestResult } from './observation.js';
import type { SubmissionClient } from './submission-client.js';
import type { TestCase, TestKind } from './test-case.js';
import { ACCURACY_KIND, MLP_KIND, STEP_KIND, testAccuracy, testMlp, testTrainStep } from './training-tests.js';

/** One test of a task. */
export interface TaskTest {
  case: TestCase;
  /** What it decides. If it throws, ends or takes too long, all of these are wrong. */
  aspects: readonly string[];
  run: (client: SubmissionClient) => Promise<TestResult[]>;
}

/** Everything that a task is graded by. It is fixed before the submission runs. */
export interface TaskPlan {
  /** The aspects, which have equal points, each with the aspects that must also be right. */
  aspects: ReadonlyMap<string, readonly string[]>;
  /** The visible tests, then the hidden ones. */
  tests: readonly TaskTest[];
}

type Run = (client: SubmissionClient, file: string, given: TestCase) => Promise<TestResult[]>;

/**
 * The plan of a task.
 *
 * @param seed the seed of the visible cases
 * @param hidden more cases: what they leave out is taken from the task's first case
 */
export function gradingPlan(file: TaskFile, task: Task, seed: string, hidden: readonly Partial<TestCase>[]): TaskPlan {
  const [kind, run] = kindOf(file, task);
  const visible = kind.cases.map((given) => ({ ...given, seed }));
  const tests = [...visible, ...hidden.map((changes) => merged(kind.cases[0], changes))].map((given) => ({
    case: given,
    aspects: kind.aspects(given),
    run: (client: SubmissionClient) => run(client, file.id, given),
  }));
  const names = new Set(tests.flatMap(({ aspects }) => aspects));
  return { aspects: new Map([...names].map((name) => [name, kind.needs?.(name) ?? []])), tests };
}

const OTHERS: Readonly<Record<string, [TestKind, Run]>> = {
  'dropout.forward': [DROPOUT_FORWARD, testDropout],
  'dropout.backward': [DROPOUT_BACKWARD, testDropoutBackward],
  'mlp.layers': [MLP_KIND, testMlp],
  'convnet.layers': [CONVNET_KIND, testConvNet],
  accuracy: [ACCURACY_KIND, testAccuracy],
  'train-step': [STEP_KIND, testTrainStep],
};

function kindOf({ id: file, exports }: TaskFile, { id }: Task): [TestKind, Run] {
  if (OTHERS[id]) return OTHERS[id];
  const spec = GRADED_LAYERS[file];
  const isBackward = id.endsWith('.backward');
  if (!spec) {
    return isBackward
      ? [LOSS_BACKWARD, (client, file, given) => testLossBackward(client, file, exports, given)]
      : [LOSS_FORWARD, (client, file, given) => testLoss(client, file, exports, given)];
  }
  return isBackward
    ? [backwardKind(file, spec), (client, file, given) => testBackward(client, file, exports, spec, given)]
    : [forwardKind(spec), (client, file, given) => testForward(client, file, exports, spec, given)];
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
