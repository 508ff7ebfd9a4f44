import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { EXPERIMENTS } from '../../src/node/experiments/catalog.js';
import { handgrad, handgradHere } from '../support/command.js';
import { temporaryFolders } from '../support/temporary.js';

interface Plan {
  parts: { name: string; after?: string; command: string }[];
}

describe('the parts of an experiment as commands', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();
  const planOf = async (name: string, ...flags: string[]): Promise<Plan> => {
    const { code, stdout, stderr } = await handgradHere(
      ['experiment', name, '--plan', '--json', ...flags],
      newFolder(),
    );
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout);
  };

  for (const { name, jobs, options } of EXPERIMENTS) {
    it(`of ${name} are all of its parts, each after the one that it needs`, async () => {
      const hasSeeds = options.some(({ flags }) => flags.startsWith('--seeds'));
      const { parts } = await planOf(name, '--quick', ...(hasSeeds ? ['--seeds', '2'] : []));
      const names = jobs({ quick: true, seeds: 2, epochs: 110 }).map((job) => job.name);
      expect(parts.map((part) => part.name)).to.have.members(names);
      for (const [i, { command, after }] of parts.entries()) {
        expect(command).to.match(new RegExp(`^npx handgrad experiment ${name} .*--quick .*--part ${parts[i].name}$`));
        if (after !== undefined) expect(parts.slice(0, i).map((part) => part.name)).to.include(after);
      }
    });
  }

  it('carry the flags of the experiment, quoted for a shell', async () => {
    const flags = ['--validation', '--try', '--dropout 0.2', '--epochs', '3', '--out', "it's", '--threads', '2'];
    const { parts } = await planOf('best-mlp', ...flags);
    const script = parts[1].command.replace('npx handgrad', 'printf "%s\\n"');
    const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
    const after = (flag: string) => words[words.indexOf(flag) + 1];
    expect([after('--try'), after('--epochs'), after('--threads')]).to.deep.equal(['--dropout 0.2', '3', '2']);
    expect(after('--out')).to.match(/it's$/);
    expect(words).to.include('--validation');
  });

  it('give the report of the experiment when they run one by one, in any order that the plan allows', async () => {
    const cwd = newFolder();
    const own = ['table1', '--only', '1', '--seeds', '2', '--quick'];
    const flags = [...own, '--backend', 'wasm', '--threads', '1'];
    const succeed = async (...args: string[]) => {
      const { code, stderr } = await handgrad(['experiment', ...args], cwd);
      expect(code, stderr).to.equal(0);
    };
    await succeed(...flags, '--out', 'whole');
    const { parts } = await planOf(own[0], ...own.slice(1));
    expect(parts.length).to.equal(2);
    await succeed(...flags, '--out', 'parts', '--part', parts[1].name);
    const half = await handgrad(['experiment', ...own, '--collect', 'parts'], cwd);
    expect([half.code, half.stderr]).to.deep.equal([1, '']);
    expect(half.stdout).to.include(`not finished: ${parts[0].name}`);
    await succeed(...flags, '--out', 'parts', '--part', parts[0].name);
    await succeed(...own, '--collect', 'parts');
    for (const { name } of parts) {
      for (const file of ['config.json', 'history.json', 'model.npz']) {
        const [one, other] = ['parts', 'whole'].map((folder) => readFileSync(join(cwd, folder, name, file)));
        expect(one.equals(other), file).to.equal(true);
      }
    }
    const times = /\d+(\.\d+)? (s|min)\b|(?<=1 thread), 2 runs side by side/g;
    const [one, other] = ['parts', 'whole'].map((folder) =>
      readFileSync(join(cwd, folder, 'report.md'), 'utf8').replace(times, ''),
    );
    expect(one).to.equal(other);
    // A finished part is kept.
    const curves = join(cwd, 'parts', parts[0].name, 'curves.svg');
    writeFileSync(curves, 'kept');
    await succeed(...flags, '--out', 'parts', '--part', parts[0].name);
    expect(readFileSync(curves, 'utf8')).to.equal('kept');
  });

  it('get one clear sentence for bad input', async () => {
    const cwd = newFolder();
    for (const [line, said] of [
      ['vanishing --part nope', '--part nope: vanishing has no such part; --plan lists all of them'],
      ['vanishing --collect nope', '--collect nope: there is no such folder'],
      ['vanishing --collect .', '--collect .: it has no finished part of vanishing with these settings'],
    ]) {
      const { code, stderr } = await handgrad(['experiment', ...line.split(' ')], cwd);
      expect([code, stderr], line).to.deep.equal([2, `handgrad: ${said}\n`]);
    }
    const early = 'experiment mnist-batchnorm --seeds 1 --out x --part batchnorm-64-then-32-seed42';
    const { code, stderr } = await handgrad(early.split(' '), cwd);
    expect(code).to.equal(2);
    expect(stderr).to.match(/needs the result of --part batchnorm-64-then-32-before-seed42, which is not in .*x$/m);
  });
});
