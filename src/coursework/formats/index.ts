import type { GradeReport } from '../grading/grade-report.js';
import { gradescopeOf } from './gradescope.js';
import { type About, autolabOf, classroom50Of, junitOf } from './platforms.js';
import { reportLines } from './text-report.js';

/** The formats of a report. */
export const FORMATS = ['text', 'json', 'gradescope', 'classroom50', 'autolab', 'junit'] as const;
/** The name of a format. */
export type Format = (typeof FORMATS)[number];

/**
 * A report in a format, as the content of a file.
 *
 * @param width of the lines of a text. Default: 120.
 */
export function formatted(
  report: GradeReport,
  format: Format,
  about: About = {},
  teacher = true,
  width?: number,
): string {
  if (format === 'text') return `${reportLines(report, teacher, width).join('\n')}\n`;
  if (format === 'autolab') return `${reportLines(report, false).join('\n')}\n${autolabOf(report)}\n`;
  if (format === 'junit') return junitOf(report);
  const value = {
    json: () => report,
    gradescope: () => gradescopeOf(report),
    classroom50: () => classroom50Of(report, about, new Date()),
  }[format]();
  return `${JSON.stringify(value, null, 2)}\n`;
}
