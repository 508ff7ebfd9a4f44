import type { Task, TaskFile } from '../task.js';
import type { Finding } from './finding.js';

/** How a task went. */
export type Status = 'passed' | 'partial' | 'wrong' | 'not implemented' | 'failed to run';

/** Who may see a task's result, and when: Gradescope's words. */
export type Visibility = 'visible' | 'hidden' | 'after_due_date' | 'after_published';

/** The result of one task. */
export interface TaskResult {
  id: string;
  title: string;
  points: number;
  /** From 0 to `points`. */
  score: number;
  status: Status;
  /** What was looked at, and which of it is right. */
  aspects: Record<string, boolean>;
  findings: Finding[];
  visibility: Visibility;
  milliseconds: number;
}

/** What a lateness costs. */
export interface Lateness {
  hours: number;
  /** The share of the score that is taken off, from 0 to 1. */
  deduction: number;
}

/** The result of a submission. */
export interface GradeReport {
  tasks: TaskResult[];
  /** After what lateness took off, to two digits. */
  score: number;
  points: number;
  late?: Lateness;
  /** What could not be read or compiled, and whatever else concerns the whole. */
  remarks: string[];
  /** What the submission printed, the beginning of it. */
  printed: string;
  /** How the submission was locked in. */
  isolation: string;
  seconds: number;
}

/** A number to two digits. */
export function rounded(value: number): number {
  return Math.round(100 * value) / 100;
}

/** A submission that could not be graded: none of the tasks has points. */
export function failureReport(message: string, files: readonly TaskFile[], weights: TaskSettings = {}): GradeReport {
  const tasks = files.flatMap((file) => file.tasks.map((task) => ungradedTask(task, weights)));
  const points = tasks.reduce((sum, { points }) => sum + points, 0);
  return { tasks, score: 0, points: rounded(points), remarks: [message], printed: '', isolation: 'none', seconds: 0 };
}

/** What a rubric says of tasks by their names; the catalog's points and `visible` where it says nothing. */
export interface TaskSettings {
  points?: Readonly<Record<string, number>>;
  visibility?: Readonly<Record<string, Visibility>>;
}

/** A task before anybody has tried it. */
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

/** What a mistake is called when a class's are counted. */
export function mistakesOf(task: TaskResult): string[] {
  if (task.status === 'passed') return [];
  if (task.status === 'not implemented') return ['not implemented'];
  const names = task.findings.map(({ diagnosis, aspect }) =>
    diagnosis ? `${aspect}: ${diagnosis.id}` : `${aspect}: other`,
  );
  return [...new Set(names)];
}
