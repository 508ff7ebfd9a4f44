import type { Task, TaskFile } from '../task.js';
import type { Finding } from './finding.js';

/** The outcome of a task. */
export type Status = 'passed' | 'partial' | 'wrong' | 'not implemented' | 'failed to run';

/** Who may see the result of a task, and when. The names are Gradescope's. */
export type Visibility = 'visible' | 'hidden' | 'after_due_date' | 'after_published';

/** The result of one task. */
export interface TaskResult {
  id: string;
  title: string;
  points: number;
  /** From 0 to `points`. */
  score: number;
  status: Status;
  /** Whether each graded aspect is right, and so are those that it needs. */
  aspects: Record<string, boolean>;
  findings: Finding[];
  visibility: Visibility;
  /** The time of the visible cases. */
  milliseconds: number;
}

/** How late a submission is, and what that costs. */
export interface Lateness {
  hours: number;
  /** The fraction of the score that is deducted, from 0 to 1. */
  deduction: number;
}

/** The result of a submission. */
export interface GradeReport {
  tasks: TaskResult[];
  /** After the deduction for lateness, rounded to two decimals. */
  score: number;
  points: number;
  late?: Lateness;
  /** What could not be read or compiled, and other remarks about the whole submission. */
  remarks: string[];
  /** For the teacher only: what looks odd although it costs no points. */
  hints: string[];
  /** The beginning of what the submission printed. */
  printed: string;
  /** How the submission was isolated. */
  isolation: string;
  /** The time of the visible cases. */
  seconds: number;
}

/** A number rounded to two decimals. */
export function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}

/** The report of a submission that could not be graded: every task has 0 points. */
export function failureReport(message: string, files: readonly TaskFile[], weights: TaskSettings = {}): GradeReport {
  const tasks = files.flatMap((file) => file.tasks.map((task) => ungradedTask(task, weights)));
  const points = tasks.reduce((sum, { points }) => sum + points, 0);
  return {
    tasks,
    score: 0,
    points: rounded(points),
    remarks: [message],
    hints: [],
    printed: '',
    isolation: 'none',
    seconds: 0,
  };
}

/** A rubric's settings of tasks, by task. Default: the points of task-files.ts, and `visible`. */
export interface TaskSettings {
  points?: Readonly<Record<string, number>>;
  visibility?: Readonly<Record<string, Visibility>>;
}

/** The result of a task before it is graded. */
export function ungradedTask({ id, title, points }: Task, { points: given, visibility }: TaskSettings): TaskResult {
  return {
    id,
    title,
    points: given?.[id] ?? points,
    score: 0,
    status: 'failed to run',
    aspects: {},
    findings: [],
    visibility: visibility?.[id] ?? 'visible',
    milliseconds: 0,
  };
}

/** The names under which a class's mistakes are counted. */
export function mistakesOf(task: TaskResult): string[] {
  if (task.status === 'passed') return [];
  if (task.status === 'not implemented') return ['not implemented'];
  const names = task.findings.map(({ diagnosis, aspect }) =>
    diagnosis ? `${aspect}: ${diagnosis.id}` : `${aspect}: other`,
  );
  return [...new Set(names)];
}
