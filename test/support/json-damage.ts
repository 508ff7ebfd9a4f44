import type { Random } from '../../src/index.js';
import { damaged } from './damage.js';

/** Values of another kind, at a limit, or too large. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e9,
  1e308,
  2 ** 53,
  '',
  'NaN',
  'shift:400',
  'toString',
  '\u001b[2J',
  [],
  [1e9],
  {},
  { name: 'mlp' },
  [[[]]],
];

/**
 * The text of a JSON file after a seeded change: one value of it replaced, removed or repeated, one value nested 20,000
 * times, or some of its bytes damaged.
 */
export function damagedJson(text: string, rng: Random): string {
  const pick = (count: number) => Math.floor(rng.next() * count);
  const way = pick(100);
  if (way < 30) return Buffer.from(damaged(Buffer.from(text), rng)).toString();
  const root: unknown = JSON.parse(text);
  const places = placesIn(root);
  const [parent, key] = places[pick(places.length)];
  if (way < 32) {
    parent[key] = 'DEEP';
    return JSON.stringify(root).replace('"DEEP"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  }
  if (way < 45) delete parent[key];
  else if (way < 55) parent[`${key}2`] = parent[key];
  else if (way < 70) parent[key] = places[pick(places.length)][0];
  else parent[key] = VALUES[pick(VALUES.length)];
  return isCyclic(root) ? text.slice(0, pick(text.length)) : JSON.stringify(root);
}

type Parent = Record<string, unknown>;

/** Every entry of every object and list in a JSON value, as its parent and its key. */
function placesIn(value: unknown): [Parent, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const parent = value as Parent;
  return Object.keys(parent).flatMap((key) => [[parent, key] as [Parent, string], ...placesIn(parent[key])]);
}

function isCyclic(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return false;
  } catch {
    return true;
  }
}
