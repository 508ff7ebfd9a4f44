import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { tryOutput, writeOutput } from '../../src/coursework/output-file.js';
import { isolation } from '../../src/coursework/sandbox/isolation.js';
import { handgrad, node } from '../support/command.js';
import { errorOf, temporaryFolders } from '../support/temporary.js';

describe('output files', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();

  it('a trial changes nothing, and a file is written whole', () => {
    const folder = newFolder();
    const path = join(folder, 'out');
    tryOutput('--out', path);
    expect(readdirSync(folder)).to.deep.equal([]);
    writeFileSync(path, 'before');
    tryOutput('--out', path);
    expect(readFileSync(path, 'utf8')).to.equal('before');
    symlinkSync('out', join(folder, 'link'));
    writeOutput('--out', join(folder, 'link'), 'after');
    expect(readFileSync(path, 'utf8')).to.equal('after');
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).to.equal(true);
    expect(readdirSync(folder).sort()).to.deep.equal(['link', 'out']);
  });

  it('a device stays a device', () => {
    for (const write of [tryOutput, writeOutput]) write('--out', '/dev/null', 'text');
    expect(lstatSync('/dev/null').isCharacterDevice()).to.equal(true);
  });

  it('a folder, a missing folder and a full device are refused in a sentence', async () => {
    const folder = newFolder();
    for (const path of [folder, join(folder, 'no', 'file'), '/dev/full']) {
      const { message } = await errorOf(() => {
        tryOutput('--out', path);
        writeOutput('--out', path, 'text');
      });
      expect(message).to.include(`--out ${path}: cannot write this file: `);
    }
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  const without = isolation() === 'node' ? ['--without-isolation'] : [];

  it('handgrad grade finds out before it runs a submission that a file of a class cannot be written', async () => {
    for (const name of ['grades.csv', 'class.html', 'reports']) {
      const cwd = newFolder();
      mkdirSync(join(cwd, 'class', 'a', 'src'), { recursive: true });
      writeFileSync(join(cwd, 'class', 'a', 'src', 'elu.ts'), "console.log('ran'); for (;;);");
      mkdirSync(join(cwd, 'grades'));
      if (name === 'reports') writeFileSync(join(cwd, 'grades', name), '');
      else mkdirSync(join(cwd, 'grades', name));
      const args = ['grade', '--all', 'class', '--assignment', 'elu', ...without];
      const { code, stderr, stdout } = await handgrad(args, cwd);
      expect(code).to.equal(2);
      expect(stderr).to.match(new RegExp(`--out .*${name}: cannot (write this file|make this folder)`));
      expect(stdout).not.to.include('grading');
    }
  });

  it('a full disk leaves the files of an earlier run whole, and no part of a file', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'class', 'a'), { recursive: true });
    for (const [name, largestFile, code] of [
      ['room', undefined, 0],
      ['no room for a trial', 8, 2],
    ] as const) {
      const args = ['grade', '--all', 'class', '--assignment', 'elu', ...without];
      const main = join(import.meta.dirname ?? '', '../../lib/cli/main.js');
      const outcome = await node([main, ...args], cwd, { largestFile });
      expect(outcome.code, `${name} ${outcome.stderr}`).to.equal(code);
      const files = readdirSync(join(cwd, 'grades'), { recursive: true }).map(String).sort();
      expect(files).to.deep.equal(['class.html', 'grades.csv', 'reports', 'reports/a.json']);
      expect(readFileSync(join(cwd, 'grades', 'grades.csv'), 'utf8')).to.match(/^submission,.*\r\na,0,15,0,0,.*\r\n$/);
    }
  });
});
