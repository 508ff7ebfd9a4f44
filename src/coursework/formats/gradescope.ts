import type { GradeReport, TaskResult } from '../grading/grade-report.js';
import { rounded } from '../grading/grade-report.js';
import { amount, detailOf, printedLines } from './text-report.js';

/** Gradescope's `results.json`: https://gradescope-autograders.readthedocs.io/en/latest/specs/ */
export function gradescopeOf(report: GradeReport): object {
  const note = [...report.remarks, ...lateness(report), printed(report)].filter((line) => line !== '');
  return {
    // A top-level score overrides the sum of the tests, so it is present only when lateness changes the sum.
    ...(report.late ? { score: report.score } : {}),
    execution_time: Math.max(0, Math.round(report.seconds)),
    output: note.join('\n') || 'Graded.',
    output_format: 'text',
    stdout_visibility: 'hidden',
    tests: [...report.tasks.flatMap((task, i) => testsOf(task, i + 1)), ...hints(report)],
    extra_data: { isolation: report.isolation },
  };
}

/** The task, and a second test with the findings of hidden cases, which only the teacher sees. */
function testsOf(task: TaskResult, number: number): object[] {
  const found = task.findings.filter(({ hidden }) => !hidden).flatMap(detailOf);
  const hidden = task.findings.filter((finding) => finding.hidden).flatMap(detailOf);
  const lines = [task.status, ...found, ...(hidden.length > 0 ? ['A hidden case also fails.'] : [])];
  const test = {
    name: task.id,
    number: String(number),
    score: rounded(task.score),
    max_score: task.points,
    status: task.status === 'passed' ? 'passed' : 'failed',
    output: lines.join('\n'),
    output_format: 'text',
    visibility: task.visibility,
  };
  if (hidden.length === 0) return [test];
  // A test without a score is for information only.
  return [
    test,
    { name: `${task.id}, hidden cases`, status: 'failed', output: hidden.join('\n'), visibility: 'hidden' },
  ];
}

/** A test without a score that only the teacher sees. */
function hints({ hints }: GradeReport): object[] {
  return hints.length > 0 ? [{ name: 'hints', output: hints.join('\n'), visibility: 'hidden' }] : [];
}

function lateness({ late }: GradeReport): string[] {
  return late ? [`${amount(late.hours)} hours late: ${Math.round(100 * late.deduction)}% deducted`] : [];
}

function printed({ printed }: GradeReport): string {
  return printed.trim() === '' ? '' : ['The program printed:', ...printedLines(printed)].join('\n');
}
