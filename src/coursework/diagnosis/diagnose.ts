import type { NdArray } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';
import { near } from './array-difference.js';
import { CONVNET_MISTAKES } from './convnet-mistakes.js';
import { CONVOLUTION_MISTAKES } from './convolution-mistakes.js';
import { ELEMENTWISE_MISTAKES } from './elementwise-mistakes.js';
import { GENERAL_MISTAKES, generalDiagnosis } from './general-mistakes.js';
import type { Diagnosis, Hypothesis } from './hypothesis.js';
import { MATRIX_MISTAKES } from './matrix-mistakes.js';
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
    const wrong = tried(() => candidate(seen));
    return wrong !== undefined && near(seen.got, wrong) && !near(wrong, seen.want);
  });
  return found ? { id: found.id, text: found.text } : generalDiagnosis(seen);
}

/** Mistakes of this file come before general ones. */
function hypothesesFor(file: string): readonly Hypothesis[] {
  const tables: Readonly<Record<string, readonly Hypothesis[]>>[] = [
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

/** The result of a formula, or undefined where its shapes do not fit. */
function tried(formula: () => NdArray | undefined): NdArray | undefined {
  try {
    return formula();
  } catch {
    return undefined;
  }
}
