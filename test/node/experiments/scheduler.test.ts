import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunPlan } from '../../../src/node/experiments/plan.js';
import { makeRuns, type RunsSettings } from '../../../src/node/experiments/runs.js';
import { DEFAULTS } from '../../../src/node/runs/train-config.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

/** Stands in for `handgrad train`: it does by its seed what a run can do. */
const PROGRAM = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const flag = (name) => process.argv[process.argv.indexOf(name) + 1];
const resumed = process.argv.includes('--resume');
const out = flag(resumed ? '--resume' : '--out');
const seed = Number(/\\d+$/.exec(out)[0]);
appendFileSync(join(out, '..', 'log'), (resumed ? 'resume ' : 'begin ') + seed + '\\n');
if (seed === 13) { console.error('handgrad: training stopped at step 3: the loss is NaN\\n    at somewhere'); process.exit(1); }
if (seed === 14) process.kill(process.pid, 'SIGKILL');
if (seed === 15) { mkdirSync(out); console.log('{}'); process.exit(0); }
if (seed === 16) { setInterval(() => {}, 1000); process.send({ step: 1, maxSteps: 2 }); await new Promise(() => {}); }
process.send({ step: 1, maxSteps: 2 });
const config = { ...JSON.parse(process.env.TEST_CONFIG), seed };
const entry = (step) => ({ step, epoch: 1, trainLoss: 2, trainAccuracy: 0.2, testLoss: 2, testAccuracy: step === 1 ? 0.4 : 0.3 });
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'config.json'), JSON.stringify(config));
if (seed === 17 && !resumed) process.kill(process.pid, 'SIGKILL');
writeFileSync(join(out, 'history.json'), JSON.stringify({ firstLoss: 2.3, evaluations: [entry(1), entry(2)], stopped: null }));
writeFileSync(join(out, 'model.npz'), '');
appendFileSync(join(out, '..', 'log'), 'end ' + seed + '\\n');
console.log(JSON.stringify({ engine: 'wasm', threads: 1, seconds: 2.5 }));
`;

describe('the runs of an experiment', function () {
  this.timeout(30_000);
  const newFolder = temporaryFolders();
  const config = { ...DEFAULTS, maxSteps: 2, evalEvery: 1 };
  const never = new AbortController().signal;

  before(() => {
    process.env.TEST_CONFIG = JSON.stringify(config);
  });
  after(() => {
    delete process.env.TEST_CONFIG;
  });

  function plansOf(...seeds: number[]): RunPlan[] {
    return seeds.map((seed) => ({ name: `run${seed}`, config: { ...config, seed } }));
  }

  function settings(changes: Partial<RunsSettings> = {}): RunsSettings {
    const out = changes.out ?? newFolder();
    const program = join(out, 'program.mjs');
    writeFileSync(program, PROGRAM);
    return { program, flags: [], out, jobs: 2, version: '0.1.0', resume: false, signal: never, ...changes };
  }

  const linesOf = (out: string) => readFileSync(join(out, 'log'), 'utf8').trim().split('\n');

  it('are made in processes of their own, come back in the order of the plan, and are marked as finished', async () => {
    const made = settings();
    const { finished, failed } = await makeRuns(plansOf(1, 2, 3), made);
    expect(failed).to.deep.equal([]);
    expect(finished.map(({ name }) => name)).to.deep.equal(['run1', 'run2', 'run3']);
    expect(finished[0].last).to.include({ step: 2, testAccuracy: 0.3 });
    expect(finished[0].best).to.include({ step: 1, testAccuracy: 0.4 });
    expect(JSON.parse(readFileSync(join(made.out, 'run2', 'effort.json'), 'utf8'))).to.deep.equal({
      handgrad: '0.1.0',
      engine: 'wasm',
      threads: 1,
      jobs: 2,
      seconds: 2.5,
      resumed: false,
    });
  });

  it('that fail are reported with their last sentence, and the others go on', async () => {
    const reported: string[] = [];
    const { finished, failed } = await makeRuns(
      plansOf(13, 1, 14, 15, 2),
      settings({ onFailed: ({ name }, failure) => reported.push(`${name}: ${failure}`) }),
    );
    expect(finished.map(({ name }) => name)).to.deep.equal(['run1', 'run2']);
    expect(failed.map(({ name, failure }) => `${name}: ${failure}`).sort()).to.deep.equal([
      'run13: exit code 1: training stopped at step 3: the loss is NaN',
      'run14: ended by SIGKILL',
      'run15: it ended without the files of a finished run',
    ]);
    expect(reported.sort()).to.deep.equal(failed.map(({ name, failure }) => `${name}: ${failure}`).sort());
  });

  it('go no more than so many side by side, the longest first', async () => {
    const made = settings({ jobs: 1 });
    const [short, long] = plansOf(1, 2);
    long.config = { ...long.config, hidden: [500] };
    process.env.TEST_CONFIG = JSON.stringify(long.config);
    const { failed } = await makeRuns([short, long], made);
    process.env.TEST_CONFIG = JSON.stringify(config);
    expect(linesOf(made.out)).to.deep.equal(['begin 2', 'end 2', 'begin 1', 'end 1']);
    expect(failed.map(({ name }) => name)).to.deep.equal(['run1']); // a folder with other settings than the plan's
  });

  it('that are finished are kept on --resume; others, and those of other settings, are made', async () => {
    const made = settings();
    await makeRuns(plansOf(1, 13), made);
    const kept: string[] = [];
    const again = { ...made, resume: true, onKept: ({ name }: { name: string }) => kept.push(name) };
    const { finished, failed } = await makeRuns(plansOf(1, 2, 13), again);
    expect(kept).to.deep.equal(['run1']);
    expect(finished.map(({ name }) => name)).to.deep.equal(['run1', 'run2']);
    expect(failed.map(({ name }) => name)).to.deep.equal(['run13']);
    expect(linesOf(made.out).filter((line) => line === 'begin 1')).to.have.length(1);
    kept.length = 0;
    const plans = plansOf(1).map((plan) => ({ ...plan, config: { ...plan.config, learningRate: 0.5 } }));
    await makeRuns(plans, again);
    expect(kept).to.deep.equal([]);
  });

  it('that were begun go on on --resume, and have no time of their own then', async () => {
    const made = settings();
    await makeRuns(plansOf(17), made);
    const { finished } = await makeRuns(plansOf(17, 1), { ...made, resume: true });
    expect(finished.map(({ effort }) => effort.resumed)).to.deep.equal([true, false]);
    expect(linesOf(made.out)).to.include.members(['begin 17', 'resume 17', 'end 17', 'begin 1']);
  });

  it('end when they are told to, and what is finished stays', async () => {
    const controller = new AbortController();
    const made = settings({
      signal: controller.signal,
      onStep: ({ name }) => name === 'run16' && controller.abort(),
      jobs: 1,
    });
    const { finished, failed } = await makeRuns(plansOf(1, 16, 3), made);
    expect(finished.map(({ name }) => name)).to.deep.equal(['run1']);
    expect(failed.map(({ name }) => name)).to.deep.equal(['run16']);
    expect(existsSync(join(made.out, 'run3'))).to.equal(false);
    expect(linesOf(made.out)).to.deep.equal(['begin 1', 'end 1', 'begin 16']);
  });

  it('may not share a folder', async () => {
    const plans = [...plansOf(1), ...plansOf(1)];
    expect((await errorOf(() => makeRuns(plans, settings()))).message).to.equal('two runs are called run1');
  });
});
