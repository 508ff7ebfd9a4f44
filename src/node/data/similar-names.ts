import { readdirSync } from 'node:fs';

/**
 * Files in a folder whose names differ in one character from a name that is missing, as a sentence for an error.
 *
 * @param folder a folder, which may be absent
 * @param missing the names of files; each may end in `.gz`
 * @returns such as `; train-images.idx3-ubyte is there: rename it to train-images-idx3-ubyte`, or ''
 */
export function similarNames(folder: string, missing: readonly string[]): string {
  const files = filesOf(folder);
  const wanted = missing.flatMap((name) => [name, `${name}.gz`]);
  const hints = wanted.flatMap((name) =>
    files.filter((file) => differInOne(file, name)).map((file) => `${file} is there: rename it to ${name}`),
  );
  return hints.map((hint) => `; ${hint}`).join('');
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Whether one character is replaced, added or left out, or only upper and lower case differ. */
function differInOne(a: string, b: string): boolean {
  if (a === b) return false;
  if (a.toLowerCase() === b.toLowerCase()) return true;
  let same = 0;
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same++;
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - same && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return Math.max(a.length, b.length) - same - tail <= 1;
}
