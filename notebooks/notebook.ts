import { createHash } from 'node:crypto';

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

/** The notebook that a Markdown text says: each block of `ts` is a cell of code, what stands between two of them one of text. */
export function notebookOf(markdown: string): Notebook {
  const parts = markdown.split(/^```ts\n([\s\S]*?)\n```$/m);
  const cells = parts.flatMap((part, i): Cell[] => {
    const text = part.trim();
    if (text === '') return [];
    const id = createHash('sha256').update(`${i} ${text}`).digest('hex').slice(0, 8);
    const source = linesOf(text);
    if (i % 2 === 0) return [{ cell_type: 'markdown', id, metadata: {}, source }];
    return [{ cell_type: 'code', id, metadata: {}, source, execution_count: null, outputs: [] }];
  });
  return { cells, metadata: METADATA, nbformat: 4, nbformat_minor: 5 };
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
