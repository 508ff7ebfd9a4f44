import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, messageOf } from '../array/index.js';
import { type Assessment, assess } from './assess.js';
import { failureReport, type Report } from './grading/report.js';
import { instant } from './rubric.js';
import { Bench } from './sandbox/bench.js';
import { ABOUT_FILE } from './submission.js';

/** A submission of a class and its report. */
export interface Marked {
  name: string;
  report: Report;
}

/**
 * Marks submissions in a folder, several at a time; the order is that of the names. Nothing that a submission does is in the way
 * of another.
 *
 * @param names those of `submissionsIn`
 * @param times when each was handed in
 */
export async function markClass(
  folder: string,
  names: readonly string[],
  assessment: Assessment,
  jobs: number,
  times: ReadonlyMap<string, Date>,
  onMarked: (marked: Marked, done: number, total: number) => void,
): Promise<Marked[]> {
  const marked: Marked[] = [];
  const queue = names.entries();
  const work = async () => {
    const bench = new Bench();
    try {
      await bench.ready(assessment.files);
      for (const [i, name] of queue) {
        marked[i] = { name, report: await reportOn(bench, join(folder, name), assessment, times.get(name)) };
        onMarked(marked[i], marked.filter(Boolean).length, names.length);
      }
    } finally {
      bench.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, names.length) }, work));
  return marked;
}

async function reportOn(bench: Bench, path: string, assessment: Assessment, submitted?: Date): Promise<Report> {
  try {
    const report = await assess(bench, path, assessment, submitted);
    const unknown = assessment.rubric?.late && !submitted;
    return unknown ? { ...report, remarks: [...report.remarks, 'when it was handed in is not in --times'] } : report;
  } catch (error) {
    return failureReport(`it could not be graded: ${messageOf(error)}`, assessment.files, assessment.rubric);
  }
}

/**
 * Everything that lies in a folder, also what is no submission: that has a report, too.
 *
 * @throws InputError when there is no submission in it
 */
export function submissionsIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch (cause) {
    throw new InputError(`--all ${folder}: this is no folder that can be read`, { cause });
  }
  if (names.includes(ABOUT_FILE)) throw new InputError(`--all ${folder}: this is one submission, not a folder of them`);
  if (!names.some((name) => lstatSync(join(folder, name)).isDirectory())) {
    throw new InputError(`--all ${folder}: there is no submission, a folder each, in it`);
  }
  return names.sort();
}

/**
 * When each submission was handed in: a file of lines `NAME,2026-10-01T12:00:00Z`.
 *
 * @throws InputError that names the line
 */
export function readTimes(path: string): Map<string, Date> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(`--times ${path}: it cannot be read`, { cause });
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line, i) => {
      const comma = line.lastIndexOf(',');
      return [line.slice(0, comma), instant(`--times ${path}, line ${i + 1}`, line.slice(comma + 1).trim())];
    }),
  );
}
