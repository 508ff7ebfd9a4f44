import { messageOf } from '../../array/index.js';
import { plainText } from '../plain-text.js';
import { isolation } from '../sandbox/isolation.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { SessionError } from '../sandbox/session.js';
import type { Submission } from '../submission.js';
import type { Task, TaskFile } from '../task.js';
import { type Finding, findingOf } from './finding.js';
import {
  type GradeReport,
  rounded,
  type Status,
  type TaskResult,
  type TaskSettings,
  ungradedTask,
} from './grade-report.js';
import { StubError, SubmissionClient } from './submission-client.js';
import { type TaskTest, taskTests } from './task-tests.js';
import type { TestCase } from './test-case.js';

/** The options of `gradeSubmission`. */
export interface GradeOptions extends TaskSettings {
  files: readonly TaskFile[];
  /** Only the tasks with these names, or in files with these names. Default: all tasks. */
  only?: readonly string[];
  /** The seed of the inputs. Default: 'public'. */
  seed?: string;
  /** Hidden cases by task. */
  hidden?: Readonly<Record<string, readonly Partial<TestCase>[]>>;
  /** Seconds per task. Default: 10. */
  timeLimit?: number;
  /** Seconds by task. They override `timeLimit`. */
  timeLimits?: Readonly<Record<string, number>>;
}

/** Grades one submission. There is a result no matter what the submission does. */
export async function gradeSubmission(
  sandbox: Sandbox,
  submission: Submission,
  options: GradeOptions,
): Promise<GradeReport> {
  const start = performance.now();
  const chosen = options.files.flatMap((file) =>
    file.tasks
      .filter(({ id }) => !options.only || options.only.some((name) => name === id || name === file.id))
      .map((task) => ({ file, task })),
  );
  const workspace = await sandbox.open(submission.sources, options.files);
  const tasks: TaskResult[] = [];
  try {
    for (const { file, task } of chosen) tasks.push(await gradeTask(workspace, file, task, options));
    const score = tasks.reduce((sum, { score }) => sum + score, 0);
    const points = tasks.reduce((sum, { points }) => sum + points, 0);
    return {
      tasks,
      score: rounded(score),
      points: rounded(points),
      remarks: [...submission.remarks, ...workspace.remarks].map(plainText),
      printed: await workspace.printed(),
      isolation: isolation(),
      seconds: rounded((performance.now() - start) / 1000),
    };
  } finally {
    workspace.close();
  }
}

type Workspace = Awaited<ReturnType<Sandbox['open']>>;

async function gradeTask(workspace: Workspace, file: TaskFile, task: Task, options: GradeOptions): Promise<TaskResult> {
  const start = performance.now();
  const result = ungradedTask(task, options);
  const problem = workspace.problemWith(file);
  if (problem) result.findings.push(runFinding(problem));
  else {
    const tests = taskTests(file, task, options.seed ?? 'public', options.hidden?.[task.id] ?? []);
    const seconds = options.timeLimits?.[task.id] ?? options.timeLimit ?? 10;
    await runAll(workspace, file, tests, { left: 1000 * seconds }, result);
  }
  const aspects = Object.values(result.aspects);
  const share = aspects.length === 0 ? 0 : aspects.filter(Boolean).length / aspects.length;
  result.score = result.points * share;
  if (result.status === 'failed to run' && aspects.length > 0) result.status = statusOf(share);
  result.milliseconds = Math.round(performance.now() - start);
  return result;
}

function statusOf(share: number): Status {
  if (share === 1) return 'passed';
  return share > 0 ? 'partial' : 'wrong';
}

/**
 * Runs all tests of a task. An error in the first case costs all points of the task, an error in a later case only a
 * part. A process that hangs or ends costs all points.
 */
async function runAll(
  workspace: Workspace,
  file: TaskFile,
  tests: readonly TaskTest[],
  time: { left: number },
  result: TaskResult,
): Promise<void> {
  for (const [i, { run, speed, case: given }] of tests.entries()) {
    const client = new SubmissionClient(workspace.session(file, given.hidden), time);
    try {
      for (const found of await run(client)) note(result, found.aspect, findingOf(file.id, found));
    } catch (error) {
      const ended = error instanceof SessionError;
      if (speed && !(ended && error.kind === 'time')) continue; // the smaller cases report this error
      const finding = {
        aspect: `runs on ${given.name}`,
        case: given.name,
        hidden: given.hidden,
        text: speed ? SLOW : messageOf(error),
      };
      if (i > 0 && !ended) {
        note(result, finding.aspect, finding);
        continue;
      }
      result.aspects = {};
      result.status = error instanceof StubError ? 'not implemented' : 'failed to run';
      result.findings.push(finding);
      return;
    }
  }
}

function note(result: TaskResult, aspect: string, finding: Finding | undefined): void {
  result.aspects[aspect] = (result.aspects[aspect] ?? true) && !finding;
  if (finding) keep(result.findings, finding);
}

const SLOW =
  'backward takes seconds for a batch of 128. A formula takes milliseconds. Did you differentiate forward numerically?';

/** Keeps one finding per aspect. A finding with a diagnosis replaces one without. */
function keep(findings: Finding[], finding: Finding): void {
  const before = findings.findIndex(({ aspect, hidden }) => aspect === finding.aspect && hidden === finding.hidden);
  if (before < 0) findings.push(finding);
  else if (!findings[before].diagnosis && finding.diagnosis) findings[before] = finding;
}

function runFinding(text: string): Finding {
  return { aspect: 'run', case: '', hidden: false, text };
}
