/**
 * Parses JSON as `JSON.parse` does, but refuses an object with the same key twice, of which `JSON.parse` keeps the last
 * one in silence. A byte order mark, which editors on Windows write, is skipped.
 *
 * @throws Error that names the key
 */
export function parseJson(text: string): unknown {
  const json = text.replace(/^\ufeff/, '');
  const value: unknown = JSON.parse(json);
  const open: Set<string>[] = [];
  for (const [token, text, colon] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon) note(JSON.parse(text), open.at(-1));
  }
  return value;
}

/** What matters in valid JSON: brackets, texts, and keys, which are texts before a colon. */
const TOKEN = /[{}[\]]|("(?:[^"\\]|\\.)*")\s*(:)?/g;

function note(key: string, keys: Set<string> | undefined): void {
  if (keys?.has(key)) throw new Error(`the key "${key}" occurs twice in one object`);
  keys?.add(key);
}
