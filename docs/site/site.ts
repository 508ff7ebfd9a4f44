import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the site is built. */
export const OUT = join(ROOT, 'docs', 'html');

/** One page of the site, without its frame. */
export interface Page {
  /** Its address from the root of the site: `guide/linear.html`. */
  url: string;
  title: string;
  /** The part of the site it belongs to. */
  part: Part;
  /** A shorter title for the list of contents. */
  short?: string;
  /** A class of the body, for its layout. */
  layout: 'text' | 'annotated' | 'home';
  html: string;
  /** Its passages for the search. */
  passages: Passage[];
  /** The scripts of its interactive figures, in assets/. */
  scripts?: readonly string[];
}

/** A passage of a page, for the search. */
export interface Passage {
  heading: string;
  anchor: string;
  text: string;
}

/** The parts of the site, in the order of its menu. */
export type Part = 'Guide' | 'Live' | 'Source' | 'Notebooks' | 'Results' | 'API' | 'Home';

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
