import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ts } from 'ts-morph';
import { InputError } from '../../array/index.js';

/** The folder of a project's compiled files. */
const BUILD = '.handgrad';

/**
 * Runs a TypeScript file of a project: compiles its folder and `src` into `.handgrad/` and runs the result with Node.
 * The program is the student's own and runs on the student's own machine, so it is not isolated.
 *
 * @returns the exit code
 * @throws InputError for a file that does not exist, or is not TypeScript
 */
export async function runScript(file: string, args: readonly string[]): Promise<number> {
  const path = resolve(file);
  if (!path.endsWith('.ts')) throw new InputError(`${file} is not a TypeScript file`);
  if (!existsSync(path)) throw new InputError(`${file} does not exist`);
  const folder = dirname(path);
  const out = join(folder, BUILD);
  rmSync(out, { recursive: true, force: true });
  for (const name of [...filesIn(folder, ''), ...filesIn(join(folder, 'src'), 'src/')]) {
    translate(join(folder, name), join(out, name.replace(/ts$/, 'js')), name);
  }
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
  const script = join(out, basename(path).replace(/ts$/, 'js'));
  const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], { stdio: 'inherit', cwd: folder });
  process.once('exit', () => child.kill()); // a signal may reach this process only
  return new Promise((done, fail) => child.on('error', fail).on('exit', (code) => done(code ?? 1)));
}

function filesIn(folder: string, prefix: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts')).map((name) => `${prefix}${name}`);
}

function translate(from: string, to: string, name: string): void {
  const { outputText, diagnostics = [] } = ts.transpileModule(readFileSync(from, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, inlineSourceMap: true },
    fileName: from,
    reportDiagnostics: true,
  });
  if (diagnostics.length > 0) {
    throw new InputError(`${name}: ${ts.flattenDiagnosticMessageText(diagnostics[0].messageText, ' ')}`);
  }
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, outputText);
}
