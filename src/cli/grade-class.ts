import { mkdirSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { InputError, messageOf } from '../array/index.js';
import { readClassFolder } from '../coursework/class-folder.js';
import { commonMistakes, csvOf, pageOf } from '../coursework/formats/class-report.js';
import { gradeAll } from '../coursework/grade-all.js';
import type { GradingSettings } from '../coursework/grade-folder.js';
import type { GradeReport } from '../coursework/grading/grade-report.js';
import { tryOutput, writeOutput } from '../coursework/output-file.js';
import { firstOf, oneLine } from '../coursework/plain-text.js';
import { ENFORCED, isolation } from '../coursework/sandbox/isolation.js';
import { readTimes } from '../coursework/submission-times.js';
import { Console, duration } from './console.js';

/** The flags for grading a class. */
export interface ClassFlags {
  all?: string;
  jobs: number;
  times?: string;
  out?: string;
  withoutIsolation: boolean;
  json: boolean;
}

/** Grades a class: writes a CSV file, a page, and one report per submission. */
export async function gradeClass(folder: string, settings: GradingSettings, flags: ClassFlags): Promise<void> {
  if (isolation() === 'node' && !flags.withoutIsolation) {
    throw new InputError(
      `grade --all: this system isolates submissions only with ${ENFORCED.node}; add --without-isolation to grade them anyway`,
    );
  }
  if (settings.rubric?.late && flags.times === undefined) {
    throw new InputError('grade --all: the rubric has a late policy; expected --times, the file of submission times');
  }
  const out = new Console(flags.json);
  const times = flags.times === undefined ? new Map<string, Date>() : readTimes(flags.times);
  const target = resolve(flags.out ?? 'grades');
  if (`${target}${sep}`.startsWith(`${resolve(folder)}${sep}`)) {
    throw new InputError(`--out ${target}: expected a folder outside ${folder}, whose folders are submissions`);
  }
  const { submissions, strays } = readClassFolder(folder);
  const [table, page, reports] = ['grades.csv', 'class.html', 'reports'].map((name) => join(target, name));
  makeFolder(reports);
  for (const path of [table, page, join(reports, 'report.json')]) tryOutput('--out', path);
  const start = performance.now();
  const graded = await gradeAll(submissions, settings, flags.jobs, times, ({ name, report }, done, total) => {
    out.progress('grading', done, total, `${done} of ${total}`);
    writeReport(join(reports, `${name}.json`), report, out);
  });
  out.endProgress();
  writeTable(table, csvOf(graded), out);
  writeOutput('--out', page, pageOf(graded, strays));
  const seconds = (performance.now() - start) / 1000;
  const mistakes = commonMistakes(graded);
  const names = new Set(submissions.map(({ name }) => name));
  const absent = [...times.keys()].filter((name) => !names.has(name));
  if (absent.length > 0) out.note(`in --times, but not in ${folder}: ${listed(absent)}`);
  if (strays.length > 0) out.note(`not submissions, because they are not folders of students: ${listed(strays)}`);
  out.note(
    `${graded.length} submission${graded.length === 1 ? '' : 's'} in ${duration(seconds)}: ${table}, class.html, reports/`,
  );
  for (const [mistake, times] of mistakes.slice(0, 5)) out.note(`  ${times} × ${mistake}`);
  out.result({
    folder: target,
    isolation: isolation(),
    seconds,
    submissions: graded.map(({ name, report: { score, points, remarks } }) => ({ name, score, points, remarks })),
    strays,
    mistakes: Object.fromEntries(mistakes),
  });
}

/** Names in a sentence. */
function listed(names: readonly string[]): string {
  return firstOf(names, 20)
    .map((name) => oneLine(name, 100))
    .join(', ');
}

/** If a report cannot be written, for example because its name is too long, the others must not be lost. */
function writeReport(path: string, report: GradeReport, out: Console): void {
  try {
    writeOutput('--out', path, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    out.say(messageOf(error));
  }
}

/** Writes the table of points. If it cannot be written, it is printed, because marking a class can take an hour. */
function writeTable(path: string, table: string, out: Console): void {
  try {
    writeOutput('--out', path, table);
  } catch (error) {
    out.note(table);
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new InputError(`--out ${path}: cannot make this folder: ${messageOf(cause)}`, { cause });
  }
}
