import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../array/index.js';
import type { Assessment } from '../coursework/assess.js';
import { markClass, readTimes } from '../coursework/class.js';
import { commonMistakes, csvOf, pageOf } from '../coursework/formats/class.js';
import { ENFORCED, isolation } from '../coursework/sandbox/isolation.js';
import { Console, duration } from './console.js';

/** The flags that concern a class. */
export interface ClassFlags {
  all?: string;
  jobs: number;
  times?: string;
  out?: string;
  withoutIsolation: boolean;
  json: boolean;
}

/** Marks a class: a CSV, a page, and a report each. */
export async function gradeClass(folder: string, assessment: Assessment, flags: ClassFlags): Promise<void> {
  if (isolation() === 'node' && !flags.withoutIsolation) {
    throw new InputError(
      `grade --all: this system locks submissions in with ${ENFORCED.node}; --without-isolation marks them all the same`,
    );
  }
  const out = new Console(flags.json);
  const times = flags.times === undefined ? new Map<string, Date>() : readTimes(flags.times);
  const target = resolve(flags.out ?? 'grades');
  makeFolder(join(target, 'reports'));
  const start = performance.now();
  const marked = await markClass(folder, assessment, flags.jobs, times, ({ name, report }, done, total) => {
    out.progress('marking', done, total, `${done} of ${total}`);
    writeFileSync(join(target, 'reports', `${name}.json`), `${JSON.stringify(report, null, 2)}\n`);
  });
  out.endProgress();
  writeFileSync(join(target, 'grades.csv'), csvOf(marked));
  writeFileSync(join(target, 'class.html'), pageOf(marked));
  const seconds = (performance.now() - start) / 1000;
  const mistakes = commonMistakes(marked);
  out.note(`${marked.length} submissions in ${duration(seconds)}: ${join(target, 'grades.csv')}, class.html, reports/`);
  for (const [mistake, times] of mistakes.slice(0, 5)) out.note(`  ${times} × ${mistake}`);
  out.result({
    folder: target,
    isolation: isolation(),
    seconds,
    submissions: marked.map(({ name, report: { score, points, remarks } }) => ({ name, score, points, remarks })),
    mistakes: Object.fromEntries(mistakes),
  });
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new InputError(`--out ${path}: the folder cannot be made`, { cause });
  }
}
