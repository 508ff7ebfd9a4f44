import { expect } from 'chai';
import { SETUPS, table1Jobs } from '../../../src/node/experiments/table1/table1-plan.js';
import { firstSeeds, shortened, TrainJob } from '../../../src/node/experiments/train-job.js';

describe('the training runs of an experiment', () => {
  it('take the seeds of the documented runs, 42 first', () => {
    expect(firstSeeds(1)).to.deep.equal([42]);
    expect(firstSeeds(4)).to.deep.equal([42, 0, 1, 2]);
  });

  it('have costs that tell a long run from a short one', () => {
    const [s0, s1, s2, s3, s4, s5, s6] = table1Jobs(SETUPS, [42]).map(({ cost }) => cost);
    expect(s0).to.equal(s1);
    expect(s2).to.be.within(7 * s1, 20 * s1);
    expect(s3).to.be.above(s2);
    expect(s4).to.be.above(4 * s3);
    expect(s5 / s6).to.be.closeTo(5, 0.1);
  });

  it('can be shortened to a few steps, including the warm-up', () => {
    const { config } = SETUPS[6];
    expect(shortened({ ...config, warmup: 100 })).to.deep.equal({ ...config, maxSteps: 4, evalEvery: 2, warmup: 1 });
  });

  it('are handgrad train with flags, or with --resume', () => {
    const job = new TrainJob('run', { ...SETUPS[1].config, seed: 7 });
    const place = { out: 'out', experiment: 'table1', flags: [] };
    expect(job.command({ ...place, resume: false }).join(' ')).to.equal(
      'train --logits --init pytorch --seed 7 --out out/run --force',
    );
    expect(job.command({ ...place, resume: true }).join(' ')).to.equal('train --resume out/run');
  });
});
