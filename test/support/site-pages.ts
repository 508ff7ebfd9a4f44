import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../../docs/html/', import.meta.url));

/** The paths of all pages of the built site, below its folder. */
export function allPages(): string[] {
  return readdirSync(site, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => name.split('\\').join('/'))
    .sort();
}

/**
 * The pages that are worth opening one by one. In `.ci/run` these are all; otherwise every page of the guide and every
 * page that computes, and two of each other kind.
 */
export function pagesOfEachKind(): string[] {
  const all = allPages();
  if (process.env.HANDGRAD_THOROUGH) return all;
  const kind = (name: string) => name.split('/').slice(0, -1).join('/');
  const kinds = all.map(kind);
  return all.filter((name, i) => /^(guide|live|index)/.test(name) || i - kinds.indexOf(kinds[i]) < 2);
}
