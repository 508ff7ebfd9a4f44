import type { Observation } from '../grading/observation.js';
import { near } from './array-difference.js';
import { CONVNET_MISTAKES } from './convnet-mistakes.js';
import { CONVOLUTION_MISTAKES } from './convolution-mistakes.js';
import { ELEMENTWISE_MISTAKES } from './elementwise-mistakes.js';
import { GENERAL_MISTAKES, generalDiagnosis } from './general-mistakes.js';
import type { Diagnosis, Hypothesis } from './hypothesis.js';
import { MATRIX_MISTAKES, tryFormula } from './matrix-mistakes.js';
import { NORM_MISTAKES } from './norm-mistakes.js';
import { POOLING_MISTAKES } from './pooling-mistakes.js';
import { TRAINING_MISTAKES } from './training-mistakes.js';

/**
 * Explains a wrong array from its values alone. It computes the arrays that known mistakes produce. If one of them
 * agrees with the wrong array to nine digits, that mistake is the explanation. A right array has no diagnosis.
 */
export function diagnose(file: string, seen: Observation): Diagnosis | undefined {
  if (near(seen.got, seen.want)) return undefined;
  const found = hypothesesFor(file).find(({ candidate }) => {
    const wrong = tryFormula(() => candidate(seen));
    return wrong !== undefined && near(seen.got, wrong) && !near(wrong, seen.want);
  });
  return found ? { id: found.id, text: found.text } : generalDiagnosis(seen);
}

/** Mistakes of this file come before general ones. */
function hypothesesFor(file: string): readonly Hypothesis[] {
  const tables = [
    ELEMENTWISE_MISTAKES,
    MATRIX_MISTAKES,
    NORM_MISTAKES,
    CONVOLUTION_MISTAKES,
    POOLING_MISTAKES,
    CONVNET_MISTAKES,
    TRAINING_MISTAKES,
  ];
  return [...tables.flatMap((table) => table[file] ?? []), ...GENERAL_MISTAKES];
}
