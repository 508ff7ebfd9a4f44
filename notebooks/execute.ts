import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOLVED, UNSOLVED } from './exercise.js';
import { HERE } from './kernel.js';
import { fileText, type Notebook, notebookOf, tidied } from './notebook.js';

/** The notebooks' texts, in reading order. */
export function names(): string[] {
  return readdirSync(join(HERE, 'text'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replace(/\.md$/, ''))
    .sort();
}

/**
 * Runs a notebook from its text, whole and in order.
 *
 * @param solved whether exercises have their solutions
 * @returns the notebook with the outputs of its cells
 * @throws Error when a cell fails, or a check of an exercise does not say what it must
 */
export async function execute(name: string, environment: NodeJS.ProcessEnv, solved: boolean): Promise<Notebook> {
  const notebook = notebookOf(readFileSync(join(HERE, 'text', `${name}.md`), 'utf8'), solved);
  const folder = mkdtempSync(join(HERE, '.run-')); // in here, where cells find handgrad
  const path = join(folder, `${name}.ipynb`);
  try {
    copyFileSync(join(HERE, 'grade.ts'), join(folder, 'grade.ts'));
    writeFileSync(path, fileText(notebook));
    await convert(path, environment);
    const executed: Notebook = JSON.parse(readFileSync(path, 'utf8'));
    const complaint = complaintOf(executed) ?? gradingComplaint(executed, solved);
    if (complaint) throw new Error(`${name}: ${complaint}`);
    return tidied(executed, notebook);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Jupyter's own way to run a notebook; cells find the packages of this folder. */
function convert(path: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const args = [
    'nbconvert',
    '--to',
    'notebook',
    '--execute',
    '--inplace',
    '--allow-errors',
    '--ExecutePreprocessor.timeout=900',
    path,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn('jupyter', args, { cwd: HERE, env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk) => {
      words += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`nbconvert ended with ${status}:\n${words}`)),
    );
  });
}

/** What a notebook that ran has to complain of: an error, words on stderr, a picture that is not there. */
function complaintOf({ cells }: Notebook): string | undefined {
  const outputs = cells.flatMap(({ source, outputs = [] }) =>
    outputs.map((output) => ({ cell: source.join(''), output })),
  );
  const bad = outputs.find(({ output }) => output.output_type === 'error' || output.name === 'stderr');
  if (bad) return `this cell failed:\n${bad.cell}\n${[bad.output.text ?? bad.output.evalue].flat().join('')}`;
  const pictures = outputs.filter(({ output }) => output.data && 'image/svg+xml' in output.data);
  return pictures.length === 0 ? 'shows no picture' : undefined;
}

/** An exercise fails its check before it is solved, and passes afterward. There is at least one. */
function gradingComplaint({ cells }: Notebook, solved: boolean): string | undefined {
  const graded = cells.filter(({ cell_type, source }) => cell_type === 'code' && /^\s*grade\(/m.test(source.join('')));
  if (graded.length === 0) return 'has no exercise';
  const wrong = graded.find(({ outputs = [] }) => {
    const said = outputs.map(({ text = '' }) => [text].flat().join('')).join('');
    return solved ? !SOLVED.test(said) || UNSOLVED.test(said) : !UNSOLVED.test(said);
  });
  if (!wrong) return undefined;
  const said = (wrong.outputs ?? []).map(({ text = '' }) => [text].flat().join('')).join('');
  return `this exercise ${solved ? 'fails with its solution' : 'passes without a solution'}:\n${wrong.source.join('')}\n${said}`;
}
