import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runChild } from '../../../src/node/experiments/child-process.js';
import type { MeasuredRun } from '../../../src/node/experiments/run-result.js';
import { runJobs, type SchedulerOptions } from '../../../src/node/experiments/scheduler.js';
import { TrainJob } from '../../../src/node/experiments/train-job.js';
import { DEFAULTS } from '../../../src/node/runs/read-config.js';
import { errorOf, temporaryFolders } from '../../support/temporary.js';

/** Takes the place of `handgrad train`. Its seed decides whether it finishes, fails, crashes or hangs. */
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

/** A job that would start first if it did not wait for another. */
class LongJob extends TrainJob {
  constructor(
    name: string,
    config: TrainJob['config'],
    override readonly after: string,
  ) {
    super(name, config);
  }

  override get cost(): number {
    return 10 * super.cost;
  }
}

describe('runJobs', function () {
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

  function jobsOf(...seeds: number[]): TrainJob[] {
    return seeds.map((seed) => new TrainJob(`run${seed}`, { ...config, seed }));
  }

  function options(changes: Partial<SchedulerOptions<MeasuredRun>> = {}): SchedulerOptions<MeasuredRun> {
    const out = changes.out ?? newFolder();
    const program = join(out, 'program.mjs');
    writeFileSync(program, PROGRAM);
    const { signal = never } = changes;
    const run: SchedulerOptions<MeasuredRun>['run'] = (args, onStep) => runChild(args, { program, signal }, onStep);
    const common = { experiment: 'some', flags: [], jobs: 2, version: '0.1.0', resume: false };
    return { ...common, out, signal, run, ...changes };
  }

  const linesOf = (out: string) => readFileSync(join(out, 'log'), 'utf8').trim().split('\n');

  it('runs jobs in child processes, returns their results in order, and marks them as finished', async () => {
    const made = options();
    const { results, failed } = await runJobs(jobsOf(1, 2, 3), made);
    expect(failed).to.deep.equal([]);
    expect(results.map(({ name }) => name)).to.deep.equal(['run1', 'run2', 'run3']);
    expect(results[0].last).to.include({ step: 2, testAccuracy: 0.3 });
    expect(results[0].best).to.include({ step: 1, testAccuracy: 0.4 });
    expect(JSON.parse(readFileSync(join(made.out, 'run2', 'effort.json'), 'utf8'))).to.deep.equal({
      handgrad: '0.1.0',
      engine: 'wasm',
      threads: 1,
      jobs: 2,
      seconds: 2.5,
      resumed: false,
    });
  });

  it('reports failed jobs with their error message, and runs the others', async () => {
    const reported: string[] = [];
    const { results, failed } = await runJobs(
      jobsOf(13, 1, 14, 15, 2),
      options({ listener: { onFail: ({ name }, failure) => reported.push(`${name}: ${failure}`) } }),
    );
    expect(results.map(({ name }) => name)).to.deep.equal(['run1', 'run2']);
    expect(failed.map(({ name, failure }) => `${name}: ${failure}`).sort()).to.deep.equal([
      'run13: exit code 1: training stopped at step 3: the loss is NaN',
      'run14: ended by SIGKILL',
      'run15: the process ended without a complete result',
    ]);
    expect(reported.sort()).to.deep.equal(failed.map(({ name, failure }) => `${name}: ${failure}`).sort());
  });

  it('runs no more jobs side by side than allowed, the longest first', async () => {
    const made = options({ jobs: 1 });
    const [short] = jobsOf(1);
    const long = new TrainJob('run2', { ...config, model: { ...DEFAULTS.model, hidden: [500] }, seed: 2 });
    process.env.TEST_CONFIG = JSON.stringify(long.config);
    const { failed } = await runJobs([short, long], made);
    process.env.TEST_CONFIG = JSON.stringify(config);
    expect(linesOf(made.out)).to.deep.equal(['begin 2', 'end 2', 'begin 1', 'end 1']);
    expect(failed.map(({ name }) => name)).to.deep.equal(['run1']); // its folder has other settings
  });

  it('keeps finished jobs on --resume, and runs those that are unfinished or have other settings', async () => {
    const made = options();
    await runJobs(jobsOf(1, 13), made);
    const kept: string[] = [];
    const listener = { onKept: ({ name }: { name: string }) => kept.push(name) };
    const again = { ...made, resume: true, listener };
    const { results, failed } = await runJobs(jobsOf(1, 2, 13), again);
    expect(kept).to.deep.equal(['run1']);
    expect(results.map(({ name }) => name)).to.deep.equal(['run1', 'run2']);
    expect(failed.map(({ name }) => name)).to.deep.equal(['run13']);
    expect(linesOf(made.out).filter((line) => line === 'begin 1')).to.have.length(1);
    kept.length = 0;
    await runJobs([new TrainJob('run1', { ...config, seed: 1, learningRate: 0.5 })], again);
    expect(kept).to.deep.equal([]);
  });

  it('continues jobs that were begun on --resume, and marks them as resumed', async () => {
    const made = options();
    await runJobs(jobsOf(17), made);
    const { results } = await runJobs(jobsOf(17, 1), { ...made, resume: true });
    expect(results.map(({ effort }) => effort.resumed)).to.deep.equal([true, false]);
    expect(linesOf(made.out)).to.include.members(['begin 17', 'resume 17', 'end 17', 'begin 1']);
  });

  it('stops on the signal, and keeps the finished results', async () => {
    const controller = new AbortController();
    const listener = { onStep: ({ name }: { name: string }) => name === 'run16' && controller.abort() };
    const made = options({ signal: controller.signal, listener, jobs: 1 });
    const { results, failed } = await runJobs(jobsOf(1, 16, 3), made);
    expect(results.map(({ name }) => name)).to.deep.equal(['run1']);
    expect(failed.map(({ name }) => name)).to.deep.equal(['run16']);
    expect(existsSync(join(made.out, 'run3'))).to.equal(false);
    expect(linesOf(made.out)).to.deep.equal(['begin 1', 'end 1', 'begin 16']);
  });

  it('starts a job that needs the result of another when that one has finished, however long it takes', async () => {
    const made = options();
    const [first, second, third] = jobsOf(1, 2, 3);
    const jobs = [new LongJob('run2', second.config, 'run1'), first, third];
    const { results, failed } = await runJobs(jobs, made);
    expect(failed).to.deep.equal([]);
    expect(results.map(({ name }) => name)).to.deep.equal(['run2', 'run1', 'run3']);
    const lines = linesOf(made.out);
    expect(lines.indexOf('begin 2')).to.be.above(lines.indexOf('end 1'));
    const again = await runJobs(jobs, { ...made, resume: true });
    expect(again.results).to.have.length(3);
    expect(linesOf(made.out)).to.deep.equal(lines);
  });

  it('fails a job that needs the result of one that failed, and says so', async () => {
    const made = options({ jobs: 1 });
    const [failing, other] = jobsOf(13, 1);
    const reported: string[] = [];
    const listener = { onFail: ({ name }: { name: string }) => reported.push(name) };
    const needing = new LongJob('run2', { ...config, seed: 2 }, 'run13');
    const { results, failed } = await runJobs([needing, failing, other], { ...made, listener });
    expect(results.map(({ name }) => name)).to.deep.equal(['run1']);
    expect(failed.find(({ name }) => name === 'run2')?.failure).to.equal(
      'it needs the result of run13, which there is none of',
    );
    expect(reported.sort()).to.deep.equal(['run13', 'run2']);
    expect(linesOf(made.out)).to.not.include('begin 2');
  });

  it('throws if jobs wait for each other', async () => {
    const circle = [new LongJob('run1', config, 'run2'), new LongJob('run2', config, 'run1')];
    const { message } = await errorOf(() => runJobs(circle, options()));
    expect(message).to.equal('the jobs run1, run2 wait for each other');
  });

  it('throws if two jobs would share a folder', async () => {
    const jobs = [...jobsOf(1), ...jobsOf(1)];
    expect((await errorOf(() => runJobs(jobs, options()))).message).to.equal('two jobs have the name run1');
  });
});
