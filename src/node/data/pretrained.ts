import { join, resolve } from 'node:path';
import { InputError } from '../../array/index.js';
import { digest, download, type FetchOptions } from './fetch.js';
import { cacheFolder, createWhole, isThere } from './folders.js';

/** A file of trained weights. Before its ending, its name has the first eight hex digits of its sha256. */
export interface PretrainedFile {
  /** The name in sentences. */
  title: string;
  url: string;
}

/** Weights that can be fetched, by name. */
export const PRETRAINED = {
  densenet121: {
    title: 'the weights of DenseNet-121 from ImageNet',
    url: 'https://download.pytorch.org/models/densenet121-a639ec97.pth',
  },
} satisfies Record<string, PretrainedFile>;

export type PretrainedName = keyof typeof PRETRAINED;

/** Whether a text is the name of weights that can be fetched. */
export function isPretrained(text: string): text is PretrainedName {
  return Object.hasOwn(PRETRAINED, text);
}

/** Weights on disk. */
export interface FoundWeights {
  /** The absolute path of the file. */
  path: string;
  /** The sha256 of the file, in hex. */
  sha256: string;
  /** Whether it was fetched. */
  fetched: boolean;
}

/**
 * Finds weights in `dataDir` or the user's cache, and fetches them into that folder if they are missing. Damaged weights in
 * the cache are fetched again.
 *
 * @throws InputError if they cannot be fetched, or those in `dataDir` are damaged
 */
export function providePretrained(
  name: PretrainedName,
  { dataDir, ...options }: FetchOptions & { dataDir?: string } = {},
): Promise<FoundWeights> {
  const folder = dataDir === undefined ? join(cacheFolder(), name) : resolve(dataDir);
  return provideFile(PRETRAINED[name], folder, dataDir === undefined, options);
}

/**
 * Finds a file of weights in a folder, and fetches it into the folder if it is missing. The folder has the whole file or
 * none.
 *
 * @param replace whether a damaged file is fetched again
 */
export async function provideFile(
  { url }: PretrainedFile,
  folder: string,
  replace: boolean,
  options: FetchOptions = {},
): Promise<FoundWeights> {
  const path = join(folder, fileNameOf(url));
  if (await isThere(path)) {
    const sha256 = await digest(path, 'sha256', 'hex');
    if (sha256.startsWith(prefixOf(url))) return { path, sha256, fetched: false };
    if (!replace)
      throw new InputError(`${path} is damaged: its sha256 is ${sha256}, which does not begin as its name says`);
  }
  let sha256 = '';
  const fill = async (partial: string) => {
    const file = join(partial, fileNameOf(url));
    await download(url, file, options).catch((cause) => {
      if (!(cause instanceof InputError)) throw cause;
      throw new InputError(`${cause.message}; fetch the file in another way, and put it into ${folder}`, { cause });
    });
    sha256 = await digest(file, 'sha256', 'hex');
    if (!sha256.startsWith(prefixOf(url)))
      throw new InputError(`${url} arrived with sha256 ${sha256}, which does not begin with ${prefixOf(url)}`);
  };
  await createWhole(folder, fill, { replace });
  return { path, sha256, fetched: true };
}

/**
 * The path of weights in the cache, verified.
 *
 * @throws InputError that says how to fetch them if they are not there, or are damaged
 */
export async function pretrainedInCache(name: PretrainedName): Promise<string> {
  const { title, url } = PRETRAINED[name];
  const path = join(cacheFolder(), name, fileNameOf(url));
  const state = !(await isThere(path))
    ? 'not in the cache'
    : (await digest(path, 'sha256', 'hex')).startsWith(prefixOf(url))
      ? undefined
      : 'damaged';
  if (state) throw new InputError(`${title} are ${state}: ${path}; \`handgrad data ${name}\` fetches them`);
  return path;
}

function fileNameOf(url: string): string {
  return new URL(url).pathname.split('/').at(-1) ?? '';
}

/** The digits of the sha256 in the name of a file. */
function prefixOf(url: string): string {
  return /-([0-9a-f]{8})\.pth$/.exec(url)?.[1] ?? 'no digits in the name';
}
