import { messageOf } from '../array/index.js';
import { failureReport, type GradeReport, rounded } from './grading/grade-report.js';
import { type GradeOptions, gradeSubmission } from './grading/grade-submission.js';
import { withPlainTexts } from './plain-report.js';
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

/** The options of a submission's grading. */
export function optionsOf({ files, rubric, hidden, only }: GradingSettings): GradeOptions {
  const { seed, points, visibility, timeLimit, timeLimits } = rubric ?? {};
  return { files, only, hidden, seed, points, visibility, timeLimit, timeLimits };
}

/**
 * Grades the submission in a folder.
 *
 * @param folder as bytes, if its name need not be UTF-8
 * @param submitted when it was submitted. Default: not late.
 * @throws InputError when there is no such folder
 */
export async function gradeFolder(
  sandbox: Sandbox,
  folder: string | Buffer,
  settings: GradingSettings,
  submitted?: Date,
): Promise<GradeReport> {
  const report = withPlainTexts(await gradeSubmission(sandbox, readSubmission(folder), optionsOf(settings)));
  const policy = settings.rubric?.late;
  const late = policy && submitted && latenessOf(policy, submitted);
  return late ? { ...report, late, score: rounded(report.score * (1 - late.deduction)) } : report;
}

/** The same, with a report of 0 points instead of an error. */
export async function gradeOrFail(
  sandbox: Sandbox,
  folder: string | Buffer,
  settings: GradingSettings,
  submitted?: Date,
): Promise<GradeReport> {
  try {
    return await gradeFolder(sandbox, folder, settings, submitted);
  } catch (error) {
    const message = `it could not be graded: ${messageOf(error)}`;
    return withPlainTexts(failureReport(message, settings.files, settings.rubric));
  }
}
