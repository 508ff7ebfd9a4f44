import type { ClassEntry } from './class-folder.js';
import { type GradingSettings, gradeOrFail } from './grade-folder.js';
import type { GradeReport } from './grading/grade-report.js';
import { Sandbox } from './sandbox/sandbox.js';

/** A submission of a class and its report. */
export interface GradedSubmission {
  name: string;
  report: GradeReport;
}

/**
 * Grades submissions, several at a time. The results are in the order of the submissions, which cannot affect each
 * other. A submission that cannot be graded has a report that says why.
 *
 * @param times when each submission was submitted, by name
 */
export async function gradeAll(
  submissions: readonly ClassEntry[],
  settings: GradingSettings,
  jobs: number,
  times: ReadonlyMap<string, Date>,
  onGraded: (graded: GradedSubmission, done: number, total: number) => void,
): Promise<GradedSubmission[]> {
  const graded: GradedSubmission[] = [];
  const queue = submissions.entries();
  let done = 0;
  const work = async () => {
    const sandbox = new Sandbox();
    try {
      await sandbox.ready(settings.files);
      for (const [i, { name, path }] of queue) {
        graded[i] = { name, report: await reportOn(sandbox, path, settings, times.get(name)) };
        onGraded(graded[i], ++done, submissions.length);
      }
    } finally {
      sandbox.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, submissions.length) }, work));
  return graded;
}

async function reportOn(
  sandbox: Sandbox,
  path: Buffer,
  settings: GradingSettings,
  submitted?: Date,
): Promise<GradeReport> {
  const report = await gradeOrFail(sandbox, path, settings, submitted);
  const isTimeMissing = settings.rubric?.late && !submitted;
  return isTimeMissing
    ? { ...report, remarks: [...report.remarks, 'its time of submission is not in --times'] }
    : report;
}
