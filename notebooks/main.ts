import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, names } from './execute.js';
import { HERE, MissingError, withKernel } from './kernel.js';
import { fileText, type Notebook, notebookOf } from './notebook.js';

// npm run notebooks                 opens the notebooks in Jupyter
// npm run notebooks -- --check [n]  runs each as students get it, and compares the stored ones with the texts
// npm run notebooks -- --solve [n]  runs each with the solutions of its exercises, and expects every check to pass
// npm run notebooks -- --write [n]  runs each as students get it, and stores the results
// [n]: only the notebooks whose names begin with n

const MODES = ['--check', '--solve', '--write'];
const [mode, only = ''] = process.argv.slice(2);

try {
  if (MODES.includes(mode)) await runAll();
  else if (mode === undefined) open();
  else throw new MissingError(`notebooks: expected ${MODES.join(', ')} or nothing, got ${mode}`);
} catch (error) {
  if (!(error instanceof MissingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function runAll(): Promise<void> {
  const environment = withKernel();
  const left = names().filter((name) => name.startsWith(only));
  const work = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) await runOne(name, environment);
  };
  await Promise.all([work(), work()]); // two at a time, a core each
}

async function runOne(name: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const start = performance.now();
  const path = join(HERE, `${name}.ipynb`);
  if (mode === '--check') assertStored(name, JSON.parse(readFileSync(path, 'utf8')));
  const notebook = await execute(name, environment, mode === '--solve');
  if (mode === '--write') writeFileSync(path, fileText(notebook));
  const pictures = notebook.cells
    .flatMap(({ outputs = [] }) => outputs)
    .filter(({ data }) => data && 'image/svg+xml' in data);
  process.stdout.write(
    `${name}: ${notebook.cells.length} cells, ${pictures.length} pictures, ${((performance.now() - start) / 1000).toFixed(0)} s\n`,
  );
}

/** The stored notebook is what users open: its cells must be those of the text, and all of them must have run. */
function assertStored(name: string, stored: Notebook): void {
  const wanted = notebookOf(readFileSync(join(HERE, 'text', `${name}.md`), 'utf8'));
  const sources = (notebook: Notebook) =>
    JSON.stringify(notebook.cells.map(({ cell_type, source }) => [cell_type, source]));
  if (sources(stored) !== sources(wanted))
    throw new Error(`${name}.ipynb is not what notebooks/text/${name}.md says; npm run notebooks -- --write`);
  const idle = stored.cells.find(({ cell_type, execution_count }) => cell_type === 'code' && !execution_count);
  if (idle) throw new Error(`${name}.ipynb holds a cell that has not run: ${idle.source.join('')}`);
}

function open(): void {
  const child = spawn('jupyter', ['notebook', '1-arrays-and-broadcasting.ipynb'], {
    cwd: HERE,
    env: withKernel(),
    stdio: 'inherit',
  });
  child.on('close', (code) => {
    process.exitCode = code ?? 1;
  });
}
