import type { NdArray } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';

/** A common mistake and the values that it produces. */
export interface Hypothesis {
  /** A short name, used to count the mistakes of a class. */
  id: string;
  /** What is wrong and where to look, in a sentence or two. */
  text: string;
  /** What a submission with this mistake would return. Undefined where the mistake does not apply. */
  candidate: (seen: Observation) => NdArray | undefined;
}

/** The explanation of an error. */
export interface Diagnosis {
  id: string;
  text: string;
}
