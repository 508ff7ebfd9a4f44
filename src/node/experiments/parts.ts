import { join } from 'node:path';
import { InputError } from '../../array/index.js';
import type { LoadedSet } from '../data/loaded-set.js';
import { readJson, writeJson } from '../runs/run-folder.js';

/** What the measuring of a part is given. */
export interface PartContext {
  /** The real CIFAR-10. */
  cifar10(): Promise<LoadedSet>;
  /** Says how far it is, and gives other work its turn; throws when it is to stop. */
  onStep(step: number, steps: number): Promise<void>;
}

/**
 * A part of an experiment that is no run of `handgrad train`: something that is computed in a process of its own, and whose result is
 * kept as one JSON file.
 */
export interface Part<Result> {
  /** Its file's name. */
  name: string;
  /** Everything that the result depends on: a part whose file has other settings is made again. */
  settings: Readonly<Record<string, unknown>>;
  /** How long it takes, beside the others. */
  work: number;
  measure(context: PartContext): Promise<Result>;
}

/** A finished part. */
export interface PartFile<Result> {
  name: string;
  settings: Readonly<Record<string, unknown>>;
  handgrad: string;
  engine: string;
  threads: number;
  /** From the first step to the last. */
  seconds: number;
  result: Result;
}

/** The sub-folder that the parts' files are in. */
export const PARTS_FOLDER = 'parts';

/** Where a part's file is. */
export function partPath(out: string, name: string): string {
  return join(out, PARTS_FOLDER, `${name}.json`);
}

/** Writes the file of a part. */
export async function writePart<Result>(out: string, file: PartFile<Result>): Promise<void> {
  await writeJson(partPath(out, file.name), file);
}

/** A part that is finished with the settings that are asked for; undefined without. */
export async function finishedPart<Result>(out: string, part: Part<Result>): Promise<PartFile<Result> | undefined> {
  try {
    const file = await readJson(partPath(out, part.name));
    return isFileOf(part, file) ? file : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** Those of some parts that are finished, in their order. */
export async function finishedParts<Result>(out: string, parts: readonly Part<Result>[]): Promise<PartFile<Result>[]> {
  const files = await Promise.all(parts.map((part) => finishedPart(out, part)));
  return files.flatMap((file) => file ?? []);
}

function isFileOf<Result>({ name, settings }: Part<Result>, value: unknown): value is PartFile<Result> {
  if (typeof value !== 'object' || value === null || !('result' in value) || !('settings' in value)) return false;
  return 'name' in value && value.name === name && JSON.stringify(value.settings) === JSON.stringify(settings);
}

/** `blas on 1 thread`, for each way in which the parts were made. */
export function engineOf(files: readonly PartFile<unknown>[]): string {
  const texts = files.map(({ engine, threads }) => `${engine} on ${threads} thread${threads === 1 ? '' : 's'} a part`);
  return [...new Set(texts)].join('; ');
}
