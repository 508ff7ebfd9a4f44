import { type GradeReport, rounded } from './grading/grade-report.js';
import { type GradeOptions, gradeSubmission } from './grading/grade-submission.js';
import { latenessOf, type Rubric } from './rubric.js';
import type { Sandbox } from './sandbox/sandbox.js';
import { readSubmission } from './submission.js';
import type { TaskFile } from './task.js';

/** How submissions are marked: the same way for one and for a class. */
export interface GradingSettings {
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
export async function gradeFolder(
  sandbox: Sandbox,
  folder: string,
  { files, rubric, hidden, only }: GradingSettings,
  submitted?: Date,
): Promise<GradeReport> {
  const { seed, points, visibility, timeLimit, timeLimits, late: policy } = rubric ?? {};
  const options = { files, only, hidden, seed, points, visibility, timeLimit, timeLimits };
  const report = await gradeSubmission(sandbox, readSubmission(folder), options);
  const late = policy && submitted && latenessOf(policy, submitted);
  return late ? { ...report, late, score: rounded(report.score * (1 - late.deduction)) } : report;
}
