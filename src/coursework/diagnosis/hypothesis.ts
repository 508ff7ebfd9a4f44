import type { NdArray } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';

/** A mistake that people make, and the numbers that it leads to. */
export interface Hypothesis {
  /** A short name by which a class's mistakes are counted. */
  id: string;
  /** What it looks like, and where to look. */
  text: string;
  /** What a submission with this mistake would have returned; undefined where the mistake has no meaning. */
  candidate: (seen: Observation) => NdArray | undefined;
}

/** What an error looks like. */
export interface Diagnosis {
  id: string;
  text: string;
}
