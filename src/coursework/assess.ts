import { type GradeOptions, grade } from './grading/grade.js';
import { type Report, rounded } from './grading/report.js';
import { latenessOf, type Rubric } from './rubric.js';
import type { Bench } from './sandbox/bench.js';
import { readSubmission } from './submission.js';
import type { TaskFile } from './task.js';

/** How submissions are marked: the same way for one and for a class. */
export interface Assessment {
  files: readonly TaskFile[];
  rubric?: Rubric;
  hidden?: GradeOptions['hidden'];
  only?: readonly string[];
}

/**
 * Marks one submission.
 *
 * @param submitted when it was handed in; never late, without
 */
export async function assess(
  bench: Bench,
  folder: string,
  { files, rubric, hidden, only }: Assessment,
  submitted?: Date,
): Promise<Report> {
  const { seed, points, visibility, timeLimit, timeLimits, late: policy } = rubric ?? {};
  const options = { files, only, hidden, seed, points, visibility, timeLimit, timeLimits };
  const report = await grade(bench, readSubmission(folder), options);
  const late = policy && submitted && latenessOf(policy, submitted);
  return late ? { ...report, late, score: rounded(report.score * (1 - late.deduction)) } : report;
}
