import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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

  /** The TypeScript examples of a page. */
  function examplesOf(page: string): string[] {
    const examples = [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]);
    expect(examples, page).not.empty;
    return examples;
  }

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
    const [square] = examplesOf('README.md');
    const printed = text.match(/```\n(Square: .*)\n```/)?.[1];
    expect(await output(square)).to.equal(`${printed}\n`);
    const wrong = await output(square.replace('multiply(this.x, 2)', 'this.x'));
    expect(wrong).to.match(/^Square: dx of shape \(3, 5\) FAILS; worst at .*, allowed .*\)\n$/);
  });

  it('points to a page whose training run works', async function () {
    await realCifar10(this);
    expect(text).to.include('docs/training.md');
    expect(await output(examplesOf('docs/library.md')[0])).to.match(/^20 0\.\d+\n$/);
  });

  it('links to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path]) => path);
    expect(links).not.empty;
    for (const path of links) expect(existsSync(join(root, path)), path).equals(true);
  });

  it('has at most 500 words', () => {
    expect(text.split(/\s+/).length).at.most(500);
  });

  it('names the commands that CI runs', () => {
    expect(text).to.include('npm ci && npm start').and.include('npm ci && npm test');
    expect(readFileSync(join(root, '.ci', 'run'), 'utf8')).to.include('(npm ci && npm test)');
  });
});
