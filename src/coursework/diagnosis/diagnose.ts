import type { Observation } from '../grading/observation.js';
import { near } from './array-difference.js';
import { ELEMENTWISE_MISTAKES } from './elementwise-mistakes.js';
import { GENERAL_MISTAKES, generalDiagnosis } from './general-mistakes.js';
import type { Diagnosis, Hypothesis } from './hypothesis.js';
import { MATRIX_MISTAKES, tryFormula } from './matrix-mistakes.js';
import { NORM_MISTAKES } from './norm-mistakes.js';
import { TRAINING_MISTAKES } from './training-mistakes.js';

/**
 * What a wrong array looks like, from its numbers alone: the arrays that known mistakes lead to are computed, and the one
 * that is the same to nine digits names the mistake. A right array has none.
 */
export function diagnose(file: string, seen: Observation): Diagnosis | undefined {
  if (near(seen.got, seen.want)) return undefined;
  const found = hypothesesFor(file).find(({ candidate }) => {
    const wrong = tryFormula(() => candidate(seen));
    return wrong !== undefined && near(seen.got, wrong) && !near(wrong, seen.want);
  });
  return found ? { id: found.id, text: found.text } : generalDiagnosis(seen);
}

/** Mistakes of the layer in hand come before mistakes of any. */
function hypothesesFor(file: string): readonly Hypothesis[] {
  const tables = [ELEMENTWISE_MISTAKES, MATRIX_MISTAKES, NORM_MISTAKES, TRAINING_MISTAKES];
  return [...tables.flatMap((table) => table[file] ?? []), ...GENERAL_MISTAKES];
}
