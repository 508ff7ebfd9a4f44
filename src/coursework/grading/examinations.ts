import type { Task, TaskFile } from '../task.js';
import { type Case, caseOf } from './cases.js';
import { examineBackward, examineExtremes, examineForward, examineSpeed, type Found } from './examine.js';
import { examineDropout, examineDropoutBackward } from './examine-dropout.js';
import { examineLoss, examineLossBackward, LOSSES } from './examine-losses.js';
import { examineAccuracy, examineNet, examineStep } from './examine-rest.js';
import type { Lab } from './lab.js';
import { SUBJECTS } from './subjects.js';

/** One thing to try. */
export interface Examination {
  run: (lab: Lab) => Promise<Found[]>;
  case: Case;
  /** Whether the task is lost, all of it, when this takes too long; nothing else about it counts. */
  speed?: boolean;
}

const DROPOUT = [
  caseOf({ sizes: { N: 40, D: 30 }, options: { p: 0.4 } }),
  caseOf({ sizes: { N: 40, D: 30 }, options: { p: 0.4, evaluation: true }, name: 'evaluation' }),
];

const OTHERS: Readonly<
  Record<string, { cases: Case[]; run: (lab: Lab, file: string, given: Case) => Promise<Found[]> }>
> = {
  'dropout.forward': { cases: DROPOUT, run: examineDropout },
  'dropout.backward': { cases: DROPOUT, run: examineDropoutBackward },
  'mlp.layers': { cases: [caseOf({ sizes: { N: 3, D: 4, C: 2 } })], run: examineNet },
  accuracy: {
    cases: [caseOf({ sizes: { N: 17, C: 4 } }), caseOf({ sizes: { N: 1, C: 3 }, name: 'a batch of one' })],
    run: examineAccuracy,
  },
  'train-step': { cases: [caseOf({ sizes: { N: 5, C: 4 } })], run: examineStep },
};

/**
 * All that a task is tried with.
 *
 * @param seed what the public cases are drawn from
 * @param hidden further cases: their names, sizes and options over those of the task's first
 */
export function examinationsOf(
  file: TaskFile,
  task: Task,
  seed: string,
  hidden: readonly Partial<Case>[],
): Examination[] {
  const backward = task.id.endsWith('.backward');
  const withHidden = (cases: readonly Case[]) => [
    ...cases.map((it) => ({ ...it, seed })),
    ...hidden.map((changes) => merged(cases[0], changes)),
  ];
  const other = OTHERS[task.id];
  if (other) {
    return withHidden(other.cases).map((given) => ({ case: given, run: (lab) => other.run(lab, file.id, given) }));
  }
  const loss = LOSSES[file.id];
  if (loss) {
    const plain = withHidden(loss.cases).map((given) => ({
      case: given,
      run: (lab: Lab) => (backward ? examineLossBackward : examineLoss)(lab, file.id, file.exports, given),
    }));
    const given = { ...loss.cases[0], name: 'extremes', seed };
    const extreme = { case: given, run: (lab: Lab) => examineLoss(lab, file.id, file.exports, given, true) };
    return backward ? plain : [...plain, extreme];
  }
  return layerExaminations(file, backward, withHidden(SUBJECTS[file.id].cases), seed);
}

function layerExaminations(file: TaskFile, backward: boolean, cases: readonly Case[], seed: string): Examination[] {
  const subject = SUBJECTS[file.id];
  const { id, exports } = file;
  const examine = backward ? examineBackward : examineForward;
  const plain = cases.map((given) => ({ case: given, run: (lab: Lab) => examine(lab, id, exports, subject, given) }));
  const first = { ...cases[0], seed };
  if (backward) {
    return [...plain, { case: first, speed: true, run: (lab) => examineSpeed(lab, id, exports, subject) }];
  }
  if (!subject.extremes) return plain;
  return [...plain, { case: first, run: (lab) => examineExtremes(lab, id, exports, subject) }];
}

function merged(base: Case, { sizes, options, ...rest }: Partial<Case>): Case {
  return {
    ...base,
    name: 'a hidden case',
    ...rest,
    sizes: { ...base.sizes, ...sizes },
    options: { ...base.options, ...options },
    hidden: true,
  };
}
