import { messageOf } from '../array/index.js';
import { failureReport, type GradeReport, rounded } from './grading/grade-report.js';
import { type GradeOptions, gradeSubmission } from './grading/grade-submission.js';
import { latenessOf, type Rubric } from './rubric.js';
import type { Sandbox } from './sandbox/sandbox.js';
import { readSubmission } from './submission.js';
import type { TaskFile } from './task.js';

/** How submissions are graded: the same for one submission and for a class. */
export interface GradingSettings {
  files: readonly TaskFile[];
  rubric?: Rubric;
  hidden?: GradeOptions['hidden'];
  only?: readonly string[];
}

/**
 * Grades the submission in a folder.
 *
 * @param submitted when it was submitted. Default: not late.
 * @throws InputError when there is no such folder, or no submission can run on this system
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

/** The same, with a report of 0 points instead of an error. */
export async function gradeOrFail(
  sandbox: Sandbox,
  folder: string,
  settings: GradingSettings,
  submitted?: Date,
): Promise<GradeReport> {
  try {
    return await gradeFolder(sandbox, folder, settings, submitted);
  } catch (error) {
    return failureReport(`it could not be graded: ${messageOf(error)}`, settings.files, settings.rubric);
  }
}
