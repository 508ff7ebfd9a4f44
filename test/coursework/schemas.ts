/** A published format: each key and a check of its value. A key with `?` is optional. Other keys are not allowed. */
export type Schema = Readonly<Record<string, (value: unknown) => boolean>>;

const text = (value: unknown) => typeof value === 'string';
const number = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
const whole = (value: unknown) => number(value) && Number.isInteger(value);
const oneOf =
  (...values: string[]) =>
  (value: unknown) =>
    values.includes(String(value));
const listOf = (schema: Schema) => (value: unknown) =>
  Array.isArray(value) && value.every((item) => problemsOf(item, schema).length === 0);

const VISIBILITY = oneOf('hidden', 'after_due_date', 'after_published', 'visible');
const OUTPUT = oneOf('text', 'html', 'simple_format', 'md', 'ansi');

/** Gradescope's `results.json`. */
export const GRADESCOPE: Schema = {
  'score?': number,
  'execution_time?': whole,
  'output?': text,
  'output_format?': OUTPUT,
  'visibility?': VISIBILITY,
  'stdout_visibility?': VISIBILITY,
  'extra_data?': (value) => typeof value === 'object',
  'leaderboard?': Array.isArray,
  'tests?': listOf({
    'score?': number,
    'max_score?': number,
    'status?': oneOf('passed', 'failed'),
    'name?': text,
    'number?': text,
    'output?': text,
    'output_format?': OUTPUT,
    'tags?': Array.isArray,
    'visibility?': VISIBILITY,
    'extra_data?': (value) => typeof value === 'object',
  }),
};

/** Classroom 50's `result.json`. */
export const CLASSROOM50: Schema = {
  schema: oneOf('classroom50/result/v1'),
  classroom: text,
  assignment: text,
  submission: text,
  commit: text,
  release: text,
  review: text,
  datetime: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(String(value)),
  score: number,
  'max-score': number,
  tests: listOf({
    'test-name': text,
    passed: (value) => typeof value === 'boolean',
    score: number,
    'max-score': number,
    'output?': text,
  }),
};

/** Autolab's last line. */
export const AUTOLAB: Schema = {
  scores: (value) => typeof value === 'object' && value !== null && Object.values(value).every(number),
};

/** The problems of a value, key by key. */
export function problemsOf(value: unknown, schema: Schema): string[] {
  if (typeof value !== 'object' || value === null) return ['not an object'];
  const given = new Map(Object.entries(value));
  const known = Object.keys(schema).map((key) => key.replace('?', ''));
  const unknown = [...given.keys()].filter((key) => !known.includes(key)).map((key) => `unknown ${key}`);
  const wrong = Object.entries(schema).flatMap(([key, valid]) => {
    const name = key.replace('?', '');
    if (!given.has(name)) return key.endsWith('?') ? [] : [`missing ${name}`];
    return valid(given.get(name)) ? [] : [`wrong ${name}: ${JSON.stringify(given.get(name))}`];
  });
  return [...unknown, ...wrong];
}
