import type { Finding } from '../grading/finding.js';
import type { GradeReport, TaskResult } from '../grading/grade-report.js';

/** The width of lines where no terminal says its own. */
const WIDTH = 120;

/**
 * A report for the terminal: one row per task, with its findings below. Only the grader's own lines begin at the left
 * edge; texts of the submission are indented, and broken before a terminal would break them.
 */
export function reportLines(report: GradeReport, hiddenToo: boolean, width = WIDTH): string[] {
  return allLines(report, hiddenToo).flatMap((line) => brokenLine(line, width));
}

function allLines(report: GradeReport, hiddenToo: boolean): string[] {
  const shown = report.tasks.filter(({ visibility }) => hiddenToo || visibility === 'visible');
  const width = Math.max(...shown.map(({ id }) => id.length), 4);
  const lines = shown.flatMap((task) => [rowOf(task, width), ...detailsOf(task, hiddenToo)]);
  if (report.printed.trim() !== '') lines.push('', 'Your program printed:', ...printedLines(report.printed));
  if (report.remarks.length > 0) lines.push('', 'Remarks:', ...report.remarks.map((remark) => `    ${remark}`));
  if (hiddenToo && report.hints.length > 0) lines.push('', 'Hints:', ...report.hints.map((hint) => `    ${hint}`));
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

/** What the submission printed, with a bar that no other line has. */
export function printedLines(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => `    │ ${line.replaceAll('\t', '  ')}`.trimEnd());
}

/** Breaks a line. Its parts keep the indentation, one step deeper, and the bar. */
function brokenLine(line: string, width: number): string[] {
  const margin = /^ *│? ?/.exec(line)?.[0] ?? '';
  const parts: string[] = [];
  let [part, used] = ['', 0];
  for (const word of line
    .slice(margin.length)
    .split(/(?<=\s)/)
    .flatMap(pieces)) {
    const room = width - columns(margin) - (parts.length > 0 ? 2 : 0);
    if (used > 0 && used + columns(word.trimEnd()) > room) {
      parts.push(part.trimEnd());
      [part, used] = ['', 0];
    }
    part += word;
    used += columns(word);
  }
  return [...parts, part].map((text, i) => `${margin}${i > 0 ? '  ' : ''}${text}`);
}

/** A long word in pieces that fit into every width. */
function pieces(word: string): string[] {
  return columns(word) <= 30 ? [word] : (word.match(/.{1,15}/gsu) ?? []);
}

/** The columns that a text can take in a terminal. The letters of some scripts take two. */
function columns(text: string): number {
  return [...text].reduce((sum, c) => sum + (c >= '\u1100' ? 2 : 1), 0);
}
