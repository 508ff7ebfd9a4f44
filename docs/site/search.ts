import type { ApiEntry } from './api.js';
import type { Page } from './site.js';

/** The index of the search, as a script: a page in a file system can load a script, but cannot fetch a file. */
export function searchIndex(pages: readonly Page[], api: readonly ApiEntry[]): string {
  const own = pages.flatMap(({ url, title, part, passages }) =>
    passages.map(({ heading, anchor, text }) => [part, title, heading, anchor ? `${url}#${anchor}` : url, text]),
  );
  const others = api.map(({ url, anchor, heading, text }) => [
    'API',
    heading,
    heading,
    anchor ? `${url}#${anchor}` : url,
    text,
  ]);
  return `window.searchIndex = ${JSON.stringify([...own, ...others])};\n`;
}
