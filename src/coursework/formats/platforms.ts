import { InputError } from '../../array/index.js';
import { type GradeReport, rounded, type TaskResult } from '../grading/grade-report.js';
import { detailOf } from './text-report.js';

/** Formats that other systems read. A task that is not visible shows its score and nothing else. */

/** What Classroom 50's file says about a submission in addition to its score. */
export type About = Readonly<Record<string, string>>;

const ABOUT = ['classroom', 'assignment', 'submission', 'commit', 'release', 'review'];

/**
 * Reads `key=value` texts.
 *
 * @throws InputError for an unknown key
 */
export function parseAbout(texts: readonly string[]): About {
  const pairs = texts.map((text): [string, string] => {
    const [key, ...value] = text.split('=');
    if (!ABOUT.includes(key) || value.length === 0) {
      throw new InputError(`--about ${text}: expected KEY=VALUE with one of ${ABOUT.join(', ')}`);
    }
    return [key, value.join('=')];
  });
  return Object.fromEntries(pairs);
}

/** Classroom 50's `result.json`. Classroom 50 refuses unknown keys. */
export function classroom50Of(report: GradeReport, about: About, now: Date): object {
  return {
    schema: 'classroom50/result/v1',
    ...Object.fromEntries(ABOUT.map((key) => [key, about[key] ?? ''])),
    datetime: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    score: report.score,
    'max-score': report.points,
    tests: report.tasks.map((task) => ({
      'test-name': task.id,
      passed: task.status === 'passed',
      score: rounded(task.score),
      'max-score': task.points,
      output: outputOf(task),
    })),
  };
}

/** Autolab's result, which it reads from the last line of the output. */
export function autolabOf(report: GradeReport): string {
  const scores = Object.fromEntries(report.tasks.map(({ id, score }) => [id, rounded(score)]));
  if (report.late) scores.late = rounded(report.score - report.tasks.reduce((sum, { score }) => sum + score, 0));
  return JSON.stringify({ scores });
}

/** JUnit's XML, which most CI systems read. */
export function junitOf(report: GradeReport): string {
  const failed = report.tasks.filter(({ status }) => status !== 'passed');
  const cases = report.tasks.map((task) => {
    const head = `    <testcase classname="${xml(task.id.split('.')[0])}" name="${xml(task.id)}" time="${task.milliseconds / 1000}"`;
    if (task.status === 'passed') return `${head}/>`;
    const message = `${rounded(task.score)} of ${task.points} points: ${task.status}`;
    return `${head}>\n      <failure message="${xml(message)}">${xml(outputOf(task))}</failure>\n    </testcase>`;
  });
  const counts = `tests="${report.tasks.length}" failures="${failed.length}" errors="0" time="${report.seconds}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="handgrad" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function outputOf(task: TaskResult): string {
  if (task.visibility !== 'visible') return '';
  return [task.status, ...task.findings.filter(({ hidden }) => !hidden).flatMap(detailOf)].join('\n');
}

/** Escapes text for XML, and removes characters that XML does not allow. */
function xml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const legal = [...text]
    .filter((c) => c >= ' ' || c === '\n' || c === '\t')
    .filter((c) => !/[\ud800-\udfff\ufffe\uffff]/.test(c) || c.length > 1);
  return legal.map((c) => entities[c] ?? c).join('');
}
