import { readFileSync } from 'node:fs';
import { InputError, messageOf } from '../array/index.js';
import type { Visibility } from './grading/grade-report.js';
import { parseJson } from './strict-json.js';
import type { TaskFile } from './task.js';
import { filesOf } from './task-files.js';

/** How a course grades an assignment. Every key of the file is checked. */
export interface Rubric {
  files: TaskFile[];
  /** The seed of the inputs. Students do not know it. */
  seed: string;
  points: Record<string, number>;
  visibility: Record<string, Visibility>;
  /** Seconds per task. */
  timeLimit: number;
  /** Seconds by task, for tasks with their own limit. */
  timeLimits: Record<string, number>;
  late?: LatePolicy;
}

/** What lateness costs. */
export interface LatePolicy {
  /** The due date. */
  due: Date;
  /** Hours after the due date that cost nothing. */
  graceHours: number;
  /** The fraction of the score that each started day costs. */
  perDay: number;
  /** The largest deduction, as a fraction of the score. */
  most: number;
}

const VISIBILITIES: readonly string[] = ['visible', 'hidden', 'after_due_date', 'after_published'];

/**
 * Reads a rubric:
 * `{ "assignment": "mlp", "seed": "…", "timeLimit": 10, "tasks": { "linear.backward": { "points": 20, "visibility": "hidden" } }, "late": { "due": "2026-10-01T12:00:00Z", "graceHours": 1, "perDay": 0.1, "most": 0.5 } }`.
 *
 * @throws InputError that names the file and the key
 */
export function readRubric(path: string): Rubric {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new InputError(`${path}: cannot read this file`, { cause });
  }
  try {
    return parseRubric(parseJson(text));
  } catch (cause) {
    throw new InputError(`${path}: ${messageOf(cause)}`, { cause });
  }
}

function parseRubric(value: unknown): Rubric {
  const rubric = parseRecord('the rubric', value, ['assignment', 'seed', 'timeLimit', 'tasks', 'late']);
  if (typeof rubric.assignment !== 'string') throw new Error('"assignment" must be a name such as "mlp"');
  const files = filesOf(rubric.assignment);
  if (typeof rubric.seed !== 'string' || rubric.seed === '') throw new Error('"seed" must be a text that is not empty');
  const points: Record<string, number> = {};
  const visibility: Record<string, Visibility> = {};
  const timeLimits: Record<string, number> = {};
  const known = files.flatMap(({ tasks }) => tasks.map(({ id }) => id));
  for (const [id, task] of Object.entries(parseRecord('"tasks"', rubric.tasks ?? {}, known))) {
    const settings = parseRecord(`"${id}"`, task, ['points', 'visibility', 'timeLimit']);
    if (settings.points !== undefined) points[id] = parseNumber(`"points" of "${id}"`, settings.points, 0, 1e6);
    if (settings.visibility !== undefined) visibility[id] = visibilityOf(id, settings.visibility);
    if (settings.timeLimit !== undefined) timeLimits[id] = seconds(`"timeLimit" of "${id}"`, settings.timeLimit);
  }
  const timeLimit = seconds('"timeLimit"', rubric.timeLimit ?? 10);
  const late = rubric.late === undefined ? undefined : latePolicy(rubric.late);
  return { files, seed: rubric.seed, points, visibility, timeLimit, timeLimits, late };
}

function latePolicy(value: unknown): LatePolicy {
  const late = parseRecord('"late"', value, ['due', 'graceHours', 'perDay', 'most']);
  return {
    due: parseInstant('"due"', late.due),
    graceHours: parseNumber('"graceHours"', late.graceHours ?? 0, 0, 1e6),
    perDay: parseNumber('"perDay"', late.perDay, 0, 1),
    most: parseNumber('"most"', late.most ?? 1, 0, 1),
  };
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

/** Parses an ISO 8601 time with a time zone. A day that does not exist, such as February 30, is refused. */
export function parseInstant(what: string, value: unknown): Date {
  const [text, year, month, day] = INSTANT.exec(String(value)) ?? [];
  const date = new Date(text ?? Number.NaN);
  if (typeof value !== 'string' || Number.isNaN(date.getTime())) {
    throw new InputError(
      `${what} must be a time with a time zone, such as 2026-10-01T12:00:00Z, got ${JSON.stringify(value)}`,
    );
  }
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) {
    throw new InputError(`${what}: the day ${year}-${month}-${day} does not exist`);
  }
  return date;
}

/** Checks that a value is an object with only known keys. */
export function parseRecord(what: string, value: unknown, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${what} must be an object`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new InputError(`${what}: unknown key "${unknown}"; expected ${keys.join(', ')}`);
  return { ...value };
}

function seconds(what: string, value: unknown): number {
  return parseNumber(what, value, 0.1, 3600);
}

/** Checks that a value is a number in a range. */
export function parseNumber(what: string, value: unknown, low: number, high: number): number {
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    throw new InputError(`${what} must be a number from ${low} to ${high}, got ${JSON.stringify(value)}`);
  }
  return value;
}

function visibilityOf(id: string, value: unknown): Visibility {
  if (!VISIBILITIES.includes(String(value))) {
    throw new Error(`"visibility" of "${id}" must be one of ${VISIBILITIES.join(', ')}`);
  }
  return value as Visibility;
}

/** The lateness of a submission, and its deduction. Undefined if it is not late. */
export function latenessOf({ due, graceHours, perDay, most }: LatePolicy, submitted: Date) {
  const hours = (submitted.getTime() - due.getTime()) / 3_600_000;
  if (hours <= graceHours) return undefined;
  const deduction = Math.min(most, perDay * Math.ceil((hours - graceHours) / 24));
  return { hours: Math.round(10 * hours) / 10, deduction };
}
