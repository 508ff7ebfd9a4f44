import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { growthSvg, speedsSvg } from './charts.js';
import { able, markdown } from './report.js';
import { type Results, toJson } from './results.js';

const BEGIN = '<!-- bench: begin, written by npm run bench -->';
const END = '<!-- bench: end -->';

/** Writes performance.md and its pictures into a folder, and the numbers into a file if one is given. */
export async function writeResults(results: Results, folder: string, json: string | undefined): Promise<string[]> {
  const written: string[] = [];
  const save = (path: string, text: string) => {
    writeFileSync(path, text);
    written.push(path);
  };
  mkdirSync(join(folder, 'images'), { recursive: true });
  const { peers, jobs, nets, convolutions } = results;
  const pictures = {
    jobs: await speedsSvg(peers, jobs),
    nets: await speedsSvg(able(peers, nets), nets),
    convolutions: await speedsSvg(able(peers, convolutions), convolutions),
    growth: await growthSvg(results, 'step'),
    'convolution-growth': await growthSvg(results, 'convolution'),
  };
  for (const [name, svg] of Object.entries(pictures)) {
    if (svg !== undefined) save(join(folder, 'images', `bench-${name}.svg`), svg);
  }
  const page = join(folder, 'performance.md');
  save(page, withBlock(existsSync(page) ? readFileSync(page, 'utf8') : '# Performance\n', markdown(results)));
  if (json !== undefined) save(json, JSON.stringify(toJson(results), null, 2) + '\n');
  return written;
}

/** The page, with the generated block replaced, or added at its end. */
function withBlock(page: string, block: string): string {
  const generated = `${BEGIN}\n\n${block}\n\n${END}`;
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${generated}\n`;
  return page.slice(0, from) + generated + page.slice(to + END.length);
}
