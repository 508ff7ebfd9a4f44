import { expect } from 'chai';
import { parallelism } from '../../../src/node/experiments/parallelism.js';

describe('parallelism', () => {
  it('puts one job on each core, and gives a single job all of them', () => {
    const machine = { cores: 8, memory: 64 * 2 ** 30 };
    expect(parallelism(30, machine, {})).to.deep.equal({ jobs: 8, threads: 1 });
    expect(parallelism(3, machine, {})).to.deep.equal({ jobs: 3, threads: 2 });
    expect(parallelism(1, machine, {})).to.deep.equal({ jobs: 1, threads: 8 });
  });

  it('follows the user’s choice of jobs and threads', () => {
    const machine = { cores: 2, memory: 64 * 2 ** 30 };
    expect(parallelism(9, machine, { jobs: 4 })).to.deep.equal({ jobs: 4, threads: 1 });
    expect(parallelism(9, machine, { jobs: 1 })).to.deep.equal({ jobs: 1, threads: 2 });
    expect(parallelism(9, machine, { jobs: 1, threads: 3 })).to.deep.equal({ jobs: 1, threads: 3 });
  });

  it('runs no more jobs side by side than fit into memory', () => {
    expect(parallelism(30, { cores: 64, memory: 4 * 2 ** 30 }, {}).jobs).to.equal(4);
    expect(parallelism(30, { cores: 64, memory: 2 ** 28 }, {}).jobs).to.equal(1);
  });
});
