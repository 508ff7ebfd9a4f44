import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ts } from 'ts-morph';
import { type TaskResult, ungradedTask } from '../../src/coursework/grading/grade-report.js';
import { type GradeOptions, tasksOf } from '../../src/coursework/grading/grade-submission.js';
import { TaskGrade } from '../../src/coursework/grading/task-grade.js';
import { gradingPlan } from '../../src/coursework/grading/task-plan.js';
import { type Origin, RequestTable } from '../../src/coursework/sandbox/requests.js';
import * as library from '../../src/index.js';

/** Grades in the process of the tests, which takes a hundredth of the time of isolated processes. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };

/** Grades classes and functions by name; those that are not given are the library's. */
export function gradeExports(given: Readonly<Record<string, unknown>>, options: GradeOptions): Promise<TaskResult[]> {
  return graded(options, () => (name) => given[name] ?? fromLibrary(name));
}

/** Grades the sources of a submission, written into an empty folder. */
export function gradeSources(
  sources: ReadonlyMap<string, string>,
  folder: string,
  options: GradeOptions,
): Promise<TaskResult[]> {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules', 'handgrad'), 'junction');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return graded(options, ({ id, uses = [] }) => {
    const work = join(folder, id);
    mkdirSync(work);
    for (const [path, text] of sources) {
      const other = options.files.find((file) => `${file.id}.ts` === path);
      const right = other && uses.includes(other.id) ? `export { ${other.exports} } from 'handgrad';` : undefined;
      const code = right ?? compiled(text);
      writeFileSync(join(work, path.replace(/ts$/, 'js')), code);
    }
    return async (name, file) => (await import(pathToFileURL(join(work, file)).href))[name];
  });
}

const done = new Map<string, string>();

function compiled(text: string): string {
  const code = done.get(text) ?? ts.transpileModule(text, { compilerOptions: OPTIONS }).outputText;
  done.set(text, code);
  return code;
}

type Exports = (name: string, file: string) => unknown;

async function graded(
  options: GradeOptions,
  exportsOf: (file: GradeOptions['files'][number]) => Exports,
): Promise<TaskResult[]> {
  const byFile = new Map(options.files.map((file) => [file.id, exportsOf(file)]));
  const results: TaskResult[] = [];
  for (const { file, task } of tasksOf(options)) {
    const exports = byFile.get(file.id) ?? fromLibrary;
    const origin: Origin = {
      fromFile: (path, name) => exports(name, path),
      fromLibrary,
      placeOf: () => undefined,
    };
    const table = new RequestTable(origin);
    const session = { used: 0, ask: (request: Parameters<RequestTable['answer']>[0]) => table.answer(request) };
    const grade = new TaskGrade(gradingPlan(file, task, options.seed ?? 'public', options.hidden?.[task.id] ?? []));
    for (const hidden of [false, true]) await grade.run(hidden, { file: file.id, session: () => session }, Infinity);
    const { aspects, findings, share, status } = grade;
    const result = ungradedTask(task, options);
    results.push({ ...result, score: result.points * share, status, aspects, findings });
  }
  return results;
}

function fromLibrary(name: string): unknown {
  return (library as Record<string, unknown>)[name];
}
