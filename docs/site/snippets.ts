import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { ROOT, readText } from './site.js';

const run = promisify(execFile);

/** A folder inside the project, so that `handgrad` is the project itself. */
const FOLDER = join(ROOT, 'docs', 'site', '.snippets');
const MARK = '\u0001block';

/** The blocks of TypeScript in a Markdown file. */
export function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code);
}

/**
 * Type-checks and runs the TypeScript of chapters, one process per chapter, in which each block continues the
 * previous one. Returns the output of every block.
 *
 * @throws Error with the file and the message if a block does not compile or throws
 */
export async function outputsOf(files: readonly string[]): Promise<Map<string, string[]>> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  try {
    const chapters = files.map((file) => ({
      file,
      path: join(FOLDER, `${file.replace(/\W/g, '_')}.mts`),
      blocks: blocksOf(readText(file)),
    }));
    for (const { path, blocks } of chapters)
      writeFileSync(path, blocks.map((code, i) => `console.log('${MARK} ${i}');\n${code}`).join('\n'));
    assertTypes(chapters.map(({ path }) => path));
    const outputs = new Map<string, string[]>();
    for (const { file, path, blocks } of chapters)
      outputs.set(file, blocks.length > 0 ? await printed(file, path) : []);
    return outputs;
  } finally {
    rmSync(FOLDER, { recursive: true, force: true });
  }
}

async function printed(file: string, path: string): Promise<string[]> {
  const script = path.replace(/\.mts$/, '.mjs');
  const { outputText } = ts.transpileModule(ts.sys.readFile(path) ?? '', {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  writeFileSync(script, outputText);
  try {
    const { stdout } = await run(process.execPath, [script], { cwd: ROOT, maxBuffer: 64 * 2 ** 20 });
    return stdout
      .split(new RegExp(`${MARK} \\d+\\n`))
      .slice(1)
      .map((text) => text.trimEnd());
  } catch (cause) {
    const words = typeof cause === 'object' && cause && 'stderr' in cause ? String(cause.stderr) : String(cause);
    throw new Error(`a snippet of ${file} failed:\n${words}`, { cause });
  }
}

function assertTypes(paths: readonly string[]): void {
  const program = ts.createProgram([...paths], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
  });
  const found = ts.getPreEmitDiagnostics(program);
  if (found.length === 0) return;
  throw new Error(
    `snippets do not compile:\n${ts.formatDiagnostics(found, { getCurrentDirectory: () => ROOT, getCanonicalFileName: (name) => name, getNewLine: () => '\n' })}`,
  );
}
