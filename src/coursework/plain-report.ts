import type { Finding } from './grading/finding.js';
import type { GradeReport } from './grading/grade-report.js';
import { firstOf, oneLine, plainLines } from './plain-text.js';

/** The limits of a report. A class of 200 gets a table that a spreadsheet can open. */
const MOST = { text: 1200, remark: 300, remarks: 20, findings: 40, printed: 4000, lines: 100 };

/**
 * A report whose texts cannot forge or hide a row in any format. Every report goes through here once, so no format
 * checks again. All texts are of one line, except what the submission printed.
 */
export function withPlainTexts(report: GradeReport): GradeReport {
  return {
    ...report,
    tasks: report.tasks.map((task) => ({ ...task, findings: task.findings.slice(0, MOST.findings).map(plain) })),
    remarks: plainList(report.remarks),
    hints: plainList(report.hints),
    printed: plainLines(report.printed, MOST.lines, MOST.printed),
  };
}

function plainList(texts: readonly string[]): string[] {
  return firstOf(texts, MOST.remarks).map((text) => oneLine(text, MOST.remark));
}

function plain(finding: Finding): Finding {
  const { case: name, text, diagnosis } = finding;
  const likely = diagnosis && { ...diagnosis, text: oneLine(diagnosis.text, MOST.text) };
  return { ...finding, case: oneLine(name, MOST.text), text: oneLine(text, MOST.text), diagnosis: likely };
}
