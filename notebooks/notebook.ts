import { createHash } from 'node:crypto';
import { givenCode, hiddenSolution, isExercise, solvedCode } from './exercise.js';

/** A notebook as Jupyter writes it; only what is needed here. */
export interface Notebook {
  cells: Cell[];
  metadata: object;
  nbformat: number;
  nbformat_minor: number;
}

/** A cell: text, or code with what it gave. */
export interface Cell {
  cell_type: 'markdown' | 'code';
  id: string;
  metadata: object;
  source: string[];
  execution_count?: number | null;
  outputs?: Output[];
}

/** What a cell of code gave. */
export interface Output {
  output_type: string;
  name?: string;
  text?: string[] | string;
  data?: Record<string, string[] | string>;
  evalue?: string;
}

const METADATA = {
  kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
  language_info: { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' },
};

/**
 * The notebook that a Markdown text describes: each block of `ts` is a cell of code, and what stands between two blocks is a
 * cell of text. Below an exercise is a cell with the hidden solution.
 *
 * @param solved whether exercises have their solutions. Default: false, as students get them.
 */
export function notebookOf(markdown: string, solved = false): Notebook {
  const parts = markdown.split(/^```ts\n([\s\S]*?)^```$/m);
  const cells = parts.flatMap((part, i) => {
    if (part.trim() === '') return [];
    if (i % 2 === 0) return [textCell(part, i)];
    const code = solved ? solvedCode(part) : givenCode(part);
    const cell = { ...textCell(code, i), cell_type: 'code' as const, execution_count: null, outputs: [] };
    return isExercise(part) ? [cell, textCell(hiddenSolution(part), i)] : [cell];
  });
  return { cells, metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
}

function textCell(part: string, i: number): Cell {
  const text = part.trim();
  const id = createHash('sha256').update(`${i} ${text}`).digest('hex').slice(0, 8);
  return { cell_type: 'markdown', id, metadata: {}, source: linesOf(text) };
}

/** Lines with their ends, as notebooks hold texts. */
export function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

/**
 * The same notebook with nothing that differs from one run to the next of the same code. Its cells of code ran in order and are
 * numbered so, which the kernel leaves out.
 */
export function tidied(notebook: Notebook, like: Notebook): Notebook {
  let count = 0;
  const cells = notebook.cells.map(({ cell_type, id, source, outputs }): Cell => {
    const own = { cell_type, id, metadata: {}, source };
    return cell_type === 'code' ? { ...own, execution_count: ++count, outputs } : own;
  });
  return { ...like, cells };
}

/** A notebook as the text of its file. */
export function fileText(notebook: Notebook): string {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
