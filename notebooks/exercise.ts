/**
 * Exercises in cells. The text of a notebook has both what a student gets and the solution:
 *
 *     // --- given
 *     return matmul(dout, this.x); // a mistake to find
 *     // --- solution
 *     return matmul(dout, this.weight.value);
 *     // --- end
 *
 * Without a given part, `// --- solution of Linear.backward` gives students a line that throws.
 */
const EXERCISE = /^( *)\/\/ --- (?:given\n(.*?)^ *\/\/ --- )?solution(?: of (.*?))?\n(.*?)^ *\/\/ --- end\n/gms;

/** Whether a cell has an exercise. */
export function isExercise(code: string): boolean {
  return givenCode(code) !== code;
}

/** The code that a student gets. */
export function givenCode(code: string): string {
  return code.replace(EXERCISE, (_, indent, given, name) =>
    given === undefined ? `${indent}throw new NotImplementedError('${name}');\n` : given,
  );
}

/** The code with the solution. */
export function solvedCode(code: string): string {
  return code.replace(EXERCISE, (...groups) => groups[4]);
}

/** The solution as a text that opens with a click. */
export function hiddenSolution(code: string): string {
  const parts = [...code.matchAll(EXERCISE)].map(([, indent, , name, solution]) => {
    const text = solution.replace(new RegExp(`^${indent}`, 'gm'), '').trimEnd();
    return name === undefined ? text : `// ${name}\n${text}`;
  });
  return `<details><summary>Solution</summary>\n\n\`\`\`typescript\n${parts.join('\n\n')}\n\`\`\`\n\n</details>`;
}

/** What a check prints about code that is not right yet. */
export const UNSOLVED = /\b(TODO|FAILS|WRONG)\b/;
/** What a check prints about right code. */
export const SOLVED = /\b(passes|right)\b/;
