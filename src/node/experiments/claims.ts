import type { MeanDeviation } from './statistics.js';

/** A statement that an experiment tests, with a criterion that was fixed before the runs. */
export interface Claim {
  claim: string;
  /** What must be true for the claim to hold. */
  criterion: string;
  /** The measured values, with their spread. */
  measured: string;
  /**
   * The verdict; null if it is undecided, because values are missing or their spread is unknown or too large to tell.
   */
  holds: boolean | null;
}

/**
 * Whether one mean is below another by more than the two deviations together; null if one of them is not a number, or
 * comes from a single run, because then its spread is unknown.
 */
export function clearlyBelow(a: MeanDeviation, b: MeanDeviation): boolean | null {
  if (a.deviation === null || b.deviation === null) return null;
  const [difference, spread] = [b.mean - a.mean, a.deviation + b.deviation];
  return Number.isNaN(difference) || Number.isNaN(spread) ? null : difference > spread;
}

/** The negation of a verdict. An undecided one stays undecided. */
export function not(holds: boolean | null): boolean | null {
  return holds === null ? null : !holds;
}

/** Whether both hold. If one of them does not, the other no longer matters. */
export function both(a: boolean | null, b: boolean | null): boolean | null {
  if (a === false || b === false) return false;
  return a === null || b === null ? null : true;
}

/**
 * The claims as a table.
 *
 * @param judged whether the runs are full ones, so that the table gives verdicts
 */
export function claimsCells(claims: readonly Claim[], judged: boolean): string[][] {
  const rows = claims.map(({ claim, criterion, measured, holds }) => {
    return [claim, criterion, measured, judged ? verdictText(holds) : 'not judged'];
  });
  return [['claim', 'criterion', 'measured', 'verdict'], ...rows];
}

function verdictText(holds: boolean | null): string {
  if (holds === null) return '**undecided**';
  return holds ? '**holds**' : '**does not hold**';
}
