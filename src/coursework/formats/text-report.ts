import type { Finding } from '../grading/finding.js';
import type { GradeReport, TaskResult } from '../grading/grade-report.js';

/** A report for the terminal: one row per task, with its findings below. */
export function reportLines(report: GradeReport, hiddenToo: boolean): string[] {
  const shown = report.tasks.filter(({ visibility }) => hiddenToo || visibility === 'visible');
  const width = Math.max(...shown.map(({ id }) => id.length), 4);
  const lines = shown.flatMap((task) => [rowOf(task, width), ...detailsOf(task, hiddenToo)]);
  if (report.printed.trim() !== '') lines.push('', 'Your program printed:', ...indented(report.printed.trim()));
  for (const remark of report.remarks) lines.push('', remark);
  if (report.late) {
    const { hours, deduction } = report.late;
    lines.push('', `${hours} hours late: ${Math.round(100 * deduction)}% deducted`);
  }
  return [...lines, '', summaryOf(report, shown, hiddenToo)];
}

const MARKS = {
  passed: 'pass',
  partial: 'part',
  wrong: 'WRONG',
  'not implemented': 'not implemented',
  'failed to run': 'FAILED',
};

function rowOf({ id, score, points, status }: TaskResult, width: number): string {
  return `${id.padEnd(width)}  ${amount(score).padStart(5)} of ${amount(points).padStart(3)}  ${MARKS[status]}`;
}

function detailsOf({ status, findings }: TaskResult, hiddenToo: boolean): string[] {
  if (status === 'not implemented') return [];
  return findings
    .filter(({ hidden }) => hiddenToo || !hidden)
    .flatMap((finding) => detailOf(finding))
    .map((line) => `    ${line}`);
}

/** The lines of a finding. */
export function detailOf({ case: name, text, diagnosis }: Finding): string[] {
  return [name ? `${text} (${name})` : text, ...(diagnosis ? [`  → ${diagnosis.text}`] : [])];
}

function summaryOf({ score, points }: GradeReport, shown: readonly TaskResult[], hiddenToo: boolean): string {
  const passed = shown.filter(({ status }) => status === 'passed').length;
  const total = hiddenToo ? [score, points] : [sum(shown, 'score'), sum(shown, 'points')];
  const share = `${amount(total[0])} of ${amount(total[1])} points`;
  if (passed < shown.length) return `${share}; ${passed} of ${shown.length} tasks pass`;
  return hiddenToo ? `${share}: all tests passed` : `${share}: all public tests passed`;
}

function sum(tasks: readonly TaskResult[], key: 'score' | 'points'): number {
  return tasks.reduce((total, task) => total + task[key], 0);
}

/** A number of points with at most two decimals. */
export function amount(value: number): string {
  return String(Math.round(100 * value) / 100);
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `    ${line}`);
}
