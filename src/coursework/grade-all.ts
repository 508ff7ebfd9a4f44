import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../array/index.js';
import { type GradingSettings, gradeOrFail } from './grade-folder.js';
import type { GradeReport } from './grading/grade-report.js';
import { parseInstant } from './rubric.js';
import { Sandbox } from './sandbox/sandbox.js';
import { ABOUT_FILE } from './submission.js';

/** A submission of a class and its report. */
export interface GradedSubmission {
  name: string;
  report: GradeReport;
}

/**
 * Grades the submissions in a folder, several at a time. The results are in the order of the names. Submissions
 * cannot affect each other.
 *
 * @param names the result of `submissionsIn`
 * @param times when each submission was submitted
 */
export async function gradeAll(
  folder: string,
  names: readonly string[],
  settings: GradingSettings,
  jobs: number,
  times: ReadonlyMap<string, Date>,
  onGraded: (graded: GradedSubmission, done: number, total: number) => void,
): Promise<GradedSubmission[]> {
  const graded: GradedSubmission[] = [];
  const queue = names.entries();
  const work = async () => {
    const sandbox = new Sandbox();
    try {
      await sandbox.ready(settings.files);
      for (const [i, name] of queue) {
        graded[i] = { name, report: await reportOn(sandbox, join(folder, name), settings, times.get(name)) };
        onGraded(graded[i], graded.filter(Boolean).length, names.length);
      }
    } finally {
      sandbox.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, names.length) }, work));
  return graded;
}

async function reportOn(
  sandbox: Sandbox,
  path: string,
  settings: GradingSettings,
  submitted?: Date,
): Promise<GradeReport> {
  const report = await gradeOrFail(sandbox, path, settings, submitted);
  const isTimeMissing = settings.rubric?.late && !submitted;
  return isTimeMissing
    ? { ...report, remarks: [...report.remarks, 'its time of submission is not in --times'] }
    : report;
}

/**
 * The names of all entries of a folder. Entries that are not submissions also get a report.
 *
 * @throws InputError when it contains no submission
 */
export function submissionsIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (cause) {
    throw new InputError(`--all ${folder}: cannot read this folder`, { cause });
  }
  if (names.includes(ABOUT_FILE))
    throw new InputError(`--all ${folder}: this is one submission; expected a folder of submissions`);
  if (!names.some((name) => lstatSync(join(folder, name)).isDirectory())) {
    throw new InputError(`--all ${folder}: expected one folder per submission, but it contains no folder`);
  }
  return names.sort();
}

/**
 * Reads when each submission was submitted, from a file of lines `NAME,2026-10-01T12:00:00Z`.
 *
 * @throws InputError that names the line
 */
export function readTimes(path: string): Map<string, Date> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(`--times ${path}: cannot read this file`, { cause });
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line, i) => {
      const comma = line.lastIndexOf(',');
      return [line.slice(0, comma), parseInstant(`--times ${path}, line ${i + 1}`, line.slice(comma + 1).trim())];
    }),
  );
}
