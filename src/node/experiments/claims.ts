import { markdownTable } from '../plots/page.js';

/** Something that is said, what was measured of it, and whether that agrees. */
export interface Claim {
  claim: string;
  /** The figures, with their spread. */
  measured: string;
  /** What would have to be so for the claim to hold, fixed before it was measured. */
  criterion: string;
  holds: boolean;
}

/**
 * Claims as a Markdown table.
 *
 * @param judged whether the runs are worth a verdict
 */
export function claimsTable(claims: readonly Claim[], judged: boolean): string {
  return markdownTable([
    ['claim', 'it holds if', 'measured', 'verdict'],
    ...claims.map(({ claim, criterion, measured, holds }) => [
      claim,
      criterion,
      measured,
      judged ? (holds ? '**holds**' : '**does not hold** here') : 'not judged',
    ]),
  ]);
}

/** A report in Markdown: its title, a warning if there is one, and its parts. */
export function markdownReport(title: string, warning: string, parts: readonly string[]): string {
  return `${[`# ${title}`, ...(warning ? [`**${warning}**`] : []), ...parts].join('\n\n')}\n`;
}
