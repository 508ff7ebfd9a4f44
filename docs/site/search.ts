import type { ApiEntry } from './api.js';
import type { Page } from './site.js';

/** The search's index as a script: a page that lies in a file system may load a script, but may fetch nothing. */
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
