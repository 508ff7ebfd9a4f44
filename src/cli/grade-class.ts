import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { InputError, messageOf } from '../array/index.js';
import { commonMistakes, csvOf, pageOf } from '../coursework/formats/class-report.js';
import { gradeAll, readTimes, submissionsIn } from '../coursework/grade-all.js';
import type { GradingSettings } from '../coursework/grade-folder.js';
import type { GradeReport } from '../coursework/grading/grade-report.js';
import { ENFORCED, isolation } from '../coursework/sandbox/isolation.js';
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
  const names = submissionsIn(folder);
  makeFolder(join(target, 'reports'));
  const start = performance.now();
  const graded = await gradeAll(folder, names, settings, flags.jobs, times, ({ name, report }, done, total) => {
    out.progress('grading', done, total, `${done} of ${total}`);
    writeReport(join(target, 'reports', `${name}.json`), report, out);
  });
  out.endProgress();
  writeFileSync(join(target, 'grades.csv'), csvOf(graded));
  writeFileSync(join(target, 'class.html'), pageOf(graded));
  const seconds = (performance.now() - start) / 1000;
  const mistakes = commonMistakes(graded);
  const absent = [...times.keys()].filter((name) => !names.includes(name));
  if (absent.length > 0) out.note(`in --times, but not in ${folder}: ${absent.join(', ')}`);
  out.note(`${graded.length} submissions in ${duration(seconds)}: ${join(target, 'grades.csv')}, class.html, reports/`);
  for (const [mistake, times] of mistakes.slice(0, 5)) out.note(`  ${times} × ${mistake}`);
  out.result({
    folder: target,
    isolation: isolation(),
    seconds,
    submissions: graded.map(({ name, report: { score, points, remarks } }) => ({ name, score, points, remarks })),
    mistakes: Object.fromEntries(mistakes),
  });
}

/** If a report cannot be written, for example because its name is too long, the others must not be lost. */
function writeReport(path: string, report: GradeReport, out: Console): void {
  try {
    writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    out.say(messageOf(error));
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new InputError(`--out ${path}: cannot make this folder`, { cause });
  }
}
