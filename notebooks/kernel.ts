import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the notebooks. */
export const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A sentence for the user, where a stack would say nothing. */
export class MissingError extends Error {}

/**
 * Sees to it that Jupyter and the TypeScript kernel are there, and returns the environment in which Jupyter finds both.
 *
 * @throws MissingError that says what to install
 */
export function withKernel(): NodeJS.ProcessEnv {
  const { status } = spawnSync('jupyter', ['--version'], { stdio: 'ignore' });
  if (status !== 0) {
    throw new MissingError(
      'the notebooks need Jupyter, which is not on this system. On Debian and Ubuntu:\n' +
        '  apt-get install jupyter-notebook jupyter-nbconvert jupyter-client\n' +
        'elsewhere: pip install notebook nbconvert. The pages of docs/html (npm run docs) show the notebooks without it.',
    );
  }
  installKernel();
  const data = join(HERE, 'kernel', 'share', 'jupyter');
  const path = [data, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  return { ...process.env, JUPYTER_PATH: path, NODE_NO_WARNINGS: '1' };
}

/** Installs the packages of the lock file, and the kernel's description, unless they are there already. */
function installKernel(): void {
  const lock = createHash('sha256')
    .update(readFileSync(join(HERE, 'package-lock.json')))
    .update(HERE)
    .digest('hex');
  const mark = join(HERE, 'node_modules', '.installed-lock');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  process.stderr.write("Installing the TypeScript kernel into notebooks/node_modules (npm's own words follow)\n");
  run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci in notebooks/ failed, see above');
  symlinkSync(join('..', '..'), join(HERE, 'node_modules', 'handgrad'), 'junction');
  const binary = join(HERE, 'node_modules', '.bin', 'tslab');
  const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'; // Jupyter's own, where another comes first
  run(
    binary,
    ['install', '--python', python, '--prefix', join(HERE, 'kernel'), '--binary', binary],
    'tslab could not install its kernel, see above',
  );
  writeFileSync(mark, lock);
}

function run(command: string, args: readonly string[], failure: string): void {
  const { status } = spawnSync(command, args, {
    cwd: HERE,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new MissingError(failure);
}
