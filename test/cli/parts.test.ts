import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { realCifar10 } from '../support/cifar10.js';
import { handgrad } from '../support/command.js';
import { temporaryFolders } from '../support/temporary.js';

describe('handgrad experiment with measurements', function () {
  this.timeout(120_000);
  const newFolder = temporaryFolders();

  before(async function () {
    await realCifar10(this);
  });

  it('computes each measurement in its own process and writes a report with all its pictures; --resume keeps them', async () => {
    const cwd = newFolder();
    const quick = 'experiment accumulation --quick --out out'.split(' ');
    const { code, stdout, stderr } = await handgrad(quick, cwd);
    expect(stderr).to.include('micro-batch-256: ');
    expect([code, stdout]).to.deep.equal([0, `report: ${join(cwd, 'out', 'report.md')}\n`]);
    expect(readdirSync(join(cwd, 'out', 'parts')).sort()).to.deep.equal([
      'micro-batch-256.json',
      'micro-batch-64.json',
    ]);
    const report = readFileSync(join(cwd, 'out', 'report.md'), 'utf8');
    expect(report).to.include('These figures mean nothing').and.include('not judged');
    const pictures = [...report.matchAll(/\]\(([^)]+)\)/g)].map(([, file]) => file);
    expect(pictures).not.empty;
    for (const file of pictures) expect(existsSync(join(cwd, 'out', file)), file).equals(true);

    const written = () => statSync(join(cwd, 'out', 'parts', 'micro-batch-64.json')).mtimeMs;
    const before = written();
    const refused = await handgrad(quick, cwd);
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.include('already holds micro-batch-64; --resume keeps finished results, --force');
    const resumed = await handgrad([...quick, '--resume', '--json'], cwd);
    const { parts, figures, failed } = JSON.parse(resumed.stdout);
    expect(failed).to.deep.equal([]);
    expect(parts.map(({ name }: { name: string }) => name)).to.deep.equal(['micro-batch-64', 'micro-batch-256']);
    expect(figures.claims.slice(0, 4).map(({ holds }: { holds: boolean }) => holds)).to.deep.equal([
      true,
      true,
      true,
      true,
    ]);
    expect(written()).to.equal(before);
  });

  it('refuses an unknown measurement, and leaves nothing behind', async () => {
    const cwd = newFolder();
    const { code, stderr } = await handgrad('experiment bn-optimization --measure nope'.split(' '), cwd);
    expect([code, stderr]).to.deep.equal([2, 'handgrad: --measure nope: bn-optimization has no such measurement\n']);
    expect(readdirSync(cwd)).to.deep.equal([]);
  });

  it('stops its measurements on Ctrl-C', async () => {
    const cwd = newFolder();
    const args = 'experiment bn-optimization --jobs 1 --out out'.split(' ');
    const { code, stdout, stderr } = await handgrad(args, cwd, (child) => {
      child.stderr?.on('data', (text) => {
        if (String(text).includes('started')) setTimeout(() => child.kill('SIGINT'), 1500);
      });
    });
    expect(stderr).to.include('stopping; finished runs are kept').and.include('with --resume to continue');
    expect([code, stdout]).to.deep.equal([130, '']);
  });
});
