import type { Case } from './grading/cases.js';
import { grade } from './grading/grade.js';
import { type Report, rounded } from './grading/report.js';
import { latenessOf, type Rubric } from './rubric.js';
import type { Bench } from './sandbox/bench.js';
import { readSubmission } from './submission.js';
import type { TaskFile } from './task.js';

/** How submissions are marked: the same way for one and for a class. */
export interface Assessment {
  files: readonly TaskFile[];
  rubric?: Rubric;
  hidden?: Readonly<Record<string, readonly Partial<Case>[]>>;
  only?: readonly string[];
}

/**
 * Marks one submission.
 *
 * @param submitted when it was handed in; now, without
 */
export async function assess(
  bench: Bench,
  folder: string,
  { files, rubric, hidden, only }: Assessment,
  submitted = new Date(),
): Promise<Report> {
  const report = await grade(bench, readSubmission(folder), {
    files,
    only,
    hidden,
    seed: rubric?.seed,
    points: rubric?.points,
    visibility: rubric?.visibility,
    timeLimit: rubric?.timeLimit,
  });
  const late = rubric?.late && latenessOf(rubric.late, submitted);
  return late ? { ...report, late, score: rounded(report.score * (1 - late.deduction)) } : report;
}
