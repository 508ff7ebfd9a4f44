/** A method or a function to implement. Each task is graded on its own. */
export interface Task {
  /** `linear.backward`. */
  id: string;
  /** The method or function whose body is removed: `Linear.backward`, or `accuracy`. */
  title: string;
  points: number;
  /** What to write, in a sentence or two. */
  statement: string;
}

/** A source file of the library. Students get it without the bodies of its tasks. */
export interface TaskFile {
  /** `linear`; the student's file is `src/linear.ts`. */
  id: string;
  /** Its path in the library's `src`. */
  source: string;
  /** The class or function that the grader uses. */
  exports: string;
  tasks: readonly Task[];
  /** Methods and functions that would reveal the answer. They are removed from the student's file. */
  without?: readonly string[];
  /** Files that this one builds on. It is graded with right versions of them, so that one mistake costs one task. */
  uses?: readonly string[];
  /**
   * Files of the library that would reveal this one and are withheld as well: `LayerNorm` is a `GroupNorm` with one
   * group.
   */
  relatives?: readonly string[];
  /** What the solution has in place of functions of `array/` that are withheld because they are the answer. */
  plain?: PlainVersions;
}

/** Plain versions of functions, written with functions that submissions may use. */
export interface PlainVersions {
  /** The path in `src` of the file that declares them. */
  source: string;
  /** The plain version of each function, and the type that takes the place of another type. */
  names: Readonly<Record<string, string>>;
}
