import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { realCifar10 } from './support/cifar10.js';
import { temporaryFolders } from './support/temporary.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

describe('the README', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const examples = [...text.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]);

  /** Runs an example as a user's own file, in a project that has handgrad installed. */
  async function output(example: string): Promise<string> {
    const project = newFolder();
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(root, join(project, 'node_modules', 'handgrad'), 'junction');
    writeFileSync(join(project, 'example.mts'), example);
    const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    return (await run(process.execPath, [tsx, join(project, 'example.mts')])).stdout;
  }

  it('shows a layer whose check prints what it says', async () => {
    const printed = text.match(/```\n(Square: .*)\n```/)?.[1] ?? '';
    expect(await output(examples[0])).to.equal(`${printed}\n`);
    const wrong = await output(examples[0].replace('multiply(this.x, 2)', 'this.x'));
    expect(wrong).to.match(/^Square: dx of shape \(3, 5\) FAILS; worst at .*: wrong\)\n$/);
  });

  it('shows a training run that runs', async function () {
    await realCifar10(this);
    expect(await output(examples[1])).to.match(/^20 0\.\d+\n$/);
  });

  it('links to files that are there', () => {
    for (const [, path] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) readFileSync(join(root, path));
  });

  it('names the commands that CI runs', () => {
    expect(text).to.include('npm ci && npm start').and.include('npm ci && npm test');
    expect(readFileSync(join(root, '.ci', 'run'), 'utf8')).to.include('(npm ci && npm test)');
  });
});
