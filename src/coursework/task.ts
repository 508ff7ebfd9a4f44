/** One thing to implement: a method or a function, graded by itself. */
export interface Task {
  /** `linear.backward`. */
  id: string;
  /** What is cut out: `Linear.backward`, or `accuracy`. */
  title: string;
  points: number;
  /** What is to be written, in a sentence or two. */
  statement: string;
}

/** A source file of the library, handed out with some of its bodies cut. */
export interface TaskFile {
  /** `linear`; the student's file is `src/linear.ts`. */
  id: string;
  /** Where it lies in the library's `src`. */
  source: string;
  /** The class or function that the grader asks for. */
  exports: string;
  tasks: readonly Task[];
  /** What a student's file does without: methods and functions that would tell the answer. */
  without?: readonly string[];
  /** Files that this one is built on. It is graded on right ones, so that one mistake costs one task. */
  uses?: readonly string[];
  /** Files of the library that would give this one away, and may not be had either: `LayerNorm` is a `GroupNorm` of one group. */
  kin?: readonly string[];
}
