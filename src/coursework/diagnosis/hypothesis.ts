import type { NdArray } from '../../array/index.js';
import type { Observation } from '../grading/observation.js';

/** The explanation of an error. */
export interface Diagnosis {
  /** A short name, used to count the mistakes of a class. */
  id: string;
  /** What is wrong and where to look, in a sentence or two. */
  text: string;
}

/** A common mistake and the values that it produces. */
export interface Hypothesis extends Diagnosis {
  /** What a submission with this mistake would return. Undefined, or an error, where the mistake does not apply. */
  candidate: (seen: Observation) => NdArray | undefined;
}

/** A wrong formula. It may be undefined, or throw, where it does not apply. */
export type Formula<Parts> = (parts: Parts, seen: Observation) => NdArray | undefined;

/** Wrong formulas by the array, the name and the explanation of the mistake: `dx | sign | The sign is wrong.` */
export type MistakeTable<Parts> = Readonly<Record<string, Formula<Parts> | readonly Formula<Parts>[]>>;

/**
 * The hypotheses of a table, in its order.
 *
 * @param partsOf the quantities of which the formulas are made
 */
export function hypothesesOf<Parts>(partsOf: (seen: Observation) => Parts, table: MistakeTable<Parts>): Hypothesis[] {
  return Object.entries(table).flatMap(([title, formulas]) => {
    const [array, id, text] = title.split(' | ');
    return [formulas].flat().map((wrong: Formula<Parts>) => ({
      id,
      text,
      candidate: (seen: Observation) => (seen.array === array ? wrong(partsOf(seen), seen) : undefined),
    }));
  });
}
