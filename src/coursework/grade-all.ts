import type { ClassEntry } from './class-folder.js';
import { type GradingSettings, gradeOrFail } from './grade-folder.js';
import type { GradeReport } from './grading/grade-report.js';
import { Sandbox } from './sandbox/sandbox.js';
import { selfTest } from './self-test.js';

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
 * @throws InputError when the right solution has not full marks: then nobody is graded
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
  await withSandbox((sandbox) => selfTest(sandbox, settings));
  const work = async (sandbox: Sandbox) => {
    for (const [i, { name, path }] of queue) {
      graded[i] = { name, report: await reportOn(sandbox, path, settings, times.get(name)) };
      onGraded(graded[i], ++done, submissions.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, submissions.length) }, () => withSandbox(work)));
  return graded;
}

async function withSandbox<T>(work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
  const sandbox = new Sandbox();
  try {
    return await work(sandbox);
  } finally {
    sandbox.close();
  }
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
