import { expect } from 'chai';
import { firstSeeds, sharing, shortened, workOf } from '../../../src/node/experiments/plan.js';
import { SETUPS, table1Runs } from '../../../src/node/experiments/table1/table1.js';

describe('the plan of an experiment', () => {
  it('takes the seeds of the documented runs, 42 first', () => {
    expect(firstSeeds(1)).to.deep.equal([42]);
    expect(firstSeeds(4)).to.deep.equal([42, 0, 1, 2]);
  });

  it('puts one run on each core, and gives a single run all of them', () => {
    const machine = { cores: 8, memory: 64 * 2 ** 30 };
    expect(sharing(30, machine, {})).to.deep.equal({ jobs: 8, threads: 1 });
    expect(sharing(3, machine, {})).to.deep.equal({ jobs: 3, threads: 2 });
    expect(sharing(1, machine, {})).to.deep.equal({ jobs: 1, threads: 8 });
  });

  it('does as it is told about both, and never puts fewer than one', () => {
    const machine = { cores: 2, memory: 64 * 2 ** 30 };
    expect(sharing(9, machine, { jobs: 4 })).to.deep.equal({ jobs: 4, threads: 1 });
    expect(sharing(9, machine, { jobs: 1 })).to.deep.equal({ jobs: 1, threads: 2 });
    expect(sharing(9, machine, { jobs: 1, threads: 3 })).to.deep.equal({ jobs: 1, threads: 3 });
  });

  it('puts no more runs side by side than there is memory for', () => {
    expect(sharing(30, { cores: 64, memory: 4 * 2 ** 30 }, {}).jobs).to.equal(4);
    expect(sharing(30, { cores: 64, memory: 2 ** 28 }, {}).jobs).to.equal(1);
  });

  it('knows a long run from a short one', () => {
    const [s0, s1, s2, s3, s4, s5, s6] = table1Runs(SETUPS, [42]).map(workOf);
    expect(s0).to.equal(s1);
    expect(s2).to.be.within(7 * s1, 20 * s1);
    expect(s3).to.be.above(s2);
    expect(s4).to.be.above(4 * s3);
    expect(s5 / s6).to.be.closeTo(5, 0.1);
  });

  it('can be shortened to a few steps, warm-up included', () => {
    const { config } = SETUPS[6];
    expect(shortened({ ...config, warmup: 100 })).to.deep.equal({ ...config, maxSteps: 4, evalEvery: 2, warmup: 1 });
  });
});
