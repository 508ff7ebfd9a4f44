import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the site is built. */
export const OUT = join(ROOT, 'docs', 'html');

/** One page of the site, before its frame is put around it. */
export interface Page {
  /** Its address from the site's root: `guide/linear.html`. */
  url: string;
  title: string;
  /** The part of the site it belongs to. */
  part: Part;
  /** What its list of contents calls it, where that is shorter. */
  short?: string;
  /** A class of the body, for its layout. */
  layout: 'text' | 'annotated' | 'home';
  html: string;
  /** What the search finds on it. */
  passages: Passage[];
}

/** A stretch of a page as the search sees it. */
export interface Passage {
  heading: string;
  anchor: string;
  text: string;
}

/** The parts of the site, in the order of its menu. */
export type Part = 'Guide' | 'Source' | 'Notebooks' | 'Results' | 'API' | 'Home';

/** The text of a file of the project. */
export function readText(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The text of a file of this folder's assets. */
export function asset(name: string): string {
  return readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');
}

/** Writes a file of the site. */
export function writeOut(url: string, content: string | Uint8Array): void {
  const path = join(OUT, url);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
