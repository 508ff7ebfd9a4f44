import { InputError } from '../array/index.js';
import { SGD } from '../optim/sgd.js';
import { type GradingSettings, optionsOf } from './grade-folder.js';
import { type GradeOptions, gradeSubmission, tasksOf } from './grading/grade-submission.js';
import { TaskGrade } from './grading/task-grade.js';
import { gradingPlan } from './grading/task-plan.js';
import { ENFORCED, isolation } from './sandbox/isolation.js';
import { RequestTable } from './sandbox/requests.js';
import type { Sandbox } from './sandbox/sandbox.js';
import type { Responder } from './sandbox/wire.js';
import { TASK_FILES } from './task-files.js';

/** Tests of the grader itself, before anyone is graded: nobody's points may depend on a fault of it. */

/**
 * Grades the right solution, with all hidden cases, in the isolation in which submissions are graded.
 *
 * @throws InputError unless it has full marks
 */
export async function selfTest(sandbox: Sandbox, settings: GradingSettings): Promise<void> {
  const options = optionsOf(settings);
  await assertPossible(options);
  const { sourcesOf } = await import('./assignment/project-sources.js'); // loads a compiler
  const report = await gradeSubmission(sandbox, { sources: sourcesOf(settings.files, true), remarks: [] }, options);
  const failed = report.tasks.find(({ status }) => status !== 'passed');
  if (!failed) return;
  const [finding] = failed.findings;
  throw new InputError(
    `nobody is graded: on this system, isolated by ${ENFORCED[isolation()]}, the right solution fails ${failed.id}: ` +
      `${finding?.text} (${finding?.case || 'every case'})`,
  );
}

/**
 * Tries every hidden case on the library's own classes, in this process.
 *
 * @throws InputError that names the case that is impossible
 */
export async function assertPossible(options: GradeOptions): Promise<void> {
  for (const { file, task } of tasksOf(options)) {
    for (const given of options.hidden?.[task.id] ?? []) {
      const refuse = (why: string) =>
        new InputError(`the hidden case "${given.name}" of ${task.id} is impossible: ${why}`);
      const grade = planned(() => new TaskGrade(gradingPlan(file, task, options.seed ?? 'public', [given])), refuse);
      const session = libraryResponder();
      const runner = { file: file.id, session: () => session };
      await grade.run(false, runner, Infinity);
      await grade.run(true, runner, Infinity);
      const [finding] = grade.findings;
      if (finding) throw refuse(finding.text);
    }
  }
}

function planned<T>(plan: () => T, refuse: (why: string) => Error): T {
  try {
    return plan();
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Answers requests with the library's own classes. */
function libraryResponder(): Responder {
  const table = new RequestTable({
    fromFile: (_file, name) => fromLibrary(name),
    fromLibrary,
    placeOf: () => undefined,
  });
  return { used: 0, ask: (request) => table.answer(request) };
}

async function fromLibrary(name: string): Promise<unknown> {
  const source = TASK_FILES.find(({ exports }) => exports === name)?.source;
  return source === undefined ? { SGD }[name] : (await import(`../${source.replace(/ts$/, 'js')}`))[name];
}
