import { plainText } from '../plain-text.js';
import { isolation } from '../sandbox/isolation.js';
import type { Sandbox, SubmissionWorkspace } from '../sandbox/sandbox.js';
import type { Session } from '../sandbox/session.js';
import type { Submission } from '../submission.js';
import type { Task, TaskFile } from '../task.js';
import { type GradeReport, rounded, type TaskResult, type TaskSettings, ungradedTask } from './grade-report.js';
import { TaskGrade } from './task-grade.js';
import { gradingPlan } from './task-plan.js';
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
  /** Seconds per task, and again for its hidden cases. Default: 10. */
  timeLimit?: number;
  /** Seconds by task. They override `timeLimit`. */
  timeLimits?: Readonly<Record<string, number>>;
}

/**
 * Grades one submission. There is a result no matter what the submission does. Each task runs in a process of its own,
 * so tasks cannot affect each other. Hidden cases run last, when nothing that the submission prints or takes time for
 * is published anymore.
 */
export async function gradeSubmission(
  sandbox: Sandbox,
  submission: Submission,
  options: GradeOptions,
): Promise<GradeReport> {
  const start = performance.now();
  const workspace = await sandbox.open(submission.sources, options.files);
  const graded = tasksOf(options).map(({ file, task }) => new GradedTask(workspace, file, task, options));
  try {
    for (const task of graded) await task.runVisible();
    const seconds = rounded((performance.now() - start) / 1000);
    for (const task of graded) await task.runHidden();
    const tasks = graded.map((task) => task.result());
    return {
      tasks,
      score: rounded(tasks.reduce((sum, { score }) => sum + score, 0)),
      points: rounded(tasks.reduce((sum, { points }) => sum + points, 0)),
      remarks: [...submission.remarks, ...workspace.remarks].map(plainText),
      hints: graded.flatMap((task) => task.hints()),
      printed: graded
        .map(({ printed }) => printed)
        .join('')
        .slice(0, 4000),
      isolation: isolation(),
      seconds,
    };
  } finally {
    workspace.close();
  }
}

/** The chosen tasks, with their files. */
export function tasksOf({ files, only }: Pick<GradeOptions, 'files' | 'only'>): { file: TaskFile; task: Task }[] {
  return files.flatMap((file) =>
    file.tasks
      .filter(({ id }) => !only || only.some((name) => name === id || name === file.id))
      .map((task) => ({ file, task })),
  );
}

/** A task of a submission while it is graded. */
class GradedTask {
  /** What its visible tests printed. */
  printed = '';
  private milliseconds = 0;
  private readonly grade: TaskGrade;

  constructor(
    private readonly workspace: SubmissionWorkspace,
    private readonly file: TaskFile,
    private readonly task: Task,
    private readonly options: GradeOptions,
  ) {
    this.grade = new TaskGrade(gradingPlan(file, task, options.seed ?? 'public', options.hidden?.[task.id] ?? []));
  }

  async runVisible(): Promise<void> {
    const start = performance.now();
    const problem = this.workspace.problemWith(this.file);
    if (problem) this.grade.failAll(problem);
    else this.printed = await this.run(false);
    this.milliseconds = Math.round(performance.now() - start);
  }

  async runHidden(): Promise<void> {
    if (this.options.hidden?.[this.task.id]) await this.run(true); // its output is dropped
  }

  result(): TaskResult {
    const { aspects, findings, share, status } = this.grade;
    const task = ungradedTask(this.task, this.options);
    return { ...task, score: task.points * share, status, aspects, findings, milliseconds: this.milliseconds };
  }

  hints(): string[] {
    return this.grade.numerical ? [`${this.task.id}: the gradient has the precision of finite differences`] : [];
  }

  /** Runs tests in a new process, and in another one if that has ended. Returns what they printed. */
  private async run(hidden: boolean): Promise<string> {
    const { workspace, file, task, options } = this;
    const sessions: Session[] = [];
    const session = () => {
      const last = sessions.at(-1);
      if (last && !last.ended) return last;
      const next = workspace.start(file);
      sessions.push(next);
      return next;
    };
    const placeOf = (name: string) =>
      workspace.placeOf(file, `${file.exports}.${name}`) ?? workspace.placeOf(file, name);
    const seconds = options.timeLimits?.[task.id] ?? options.timeLimit ?? 10;
    await this.grade.run(hidden, { file: file.id, session, placeOf }, seconds);
    await Promise.all(sessions.map((session) => (hidden ? session.stop() : session.finish())));
    return sessions.map(({ printed }) => printed).join('');
  }
}
