import { expect } from 'chai';
import { convolutionGrowths, convolutionJobs, netJobs } from '../../bench/image-jobs.js';
import type { Outcome } from '../../bench/measure.js';
import { GROUPS, readOptions, UsageError } from '../../bench/options.js';
import { PEERS } from '../../bench/peers.js';
import { markdown } from '../../bench/report.js';
import type { Measured, Results } from '../../bench/results.js';
import { flops, type Job } from '../../bench/tasks.js';

const peers = PEERS.filter(({ id }) => ['handgrad-wasm-2', 'pytorch-2', 'tensorflow-wasm-2', 'scijs'].includes(id));

/** handgrad takes twice as long as PyTorch; TensorFlow.js and scijs cannot. */
function measured(job: Job, seconds: number): Measured {
  return {
    job,
    outcomes: new Map<string, Outcome>([
      ['handgrad-wasm-2', { seconds: 2 * seconds, rounds: [2 * seconds] }],
      ['pytorch-2', { seconds, rounds: [seconds] }],
      ['tensorflow-wasm-2', { cannot: 'has no kernel Conv2DBackpropFilter' }],
      ['scijs', { cannot: 'has no convolution' }],
    ]),
  };
}

const nothing = { date: new Date(0), quick: true, versions: {}, missing: [], judge: 'PyTorch in float64' };
const empty: Results = { ...nothing, peers, jobs: [], nets: [], products: [], convolutions: [], growths: [] };

describe("the bench's report", () => {
  it('has steps and images per second of the image nets, ratios, and the reasons for dashes', () => {
    const text = markdown({ ...empty, nets: netJobs(true).map((job) => measured(job, 0.25)) });
    expect(text).to.include('## Convolutional nets');
    expect(text).to.include('| J4, batch 8, steps/s | × PyTorch | J5, batch 32, steps/s | × PyTorch | J6, images/s |');
    expect(text).to.include('| handgrad wasm, 2 threads | 2.00 | 0.50 | 2.00 | 0.50 | 400 | 0.50 |');
    expect(text).to.include('| PyTorch, 2 threads | 4.00 | 1.00 | 4.00 | 1.00 | 800 | 1.00 |');
    expect(text).to.include('- TensorFlow.js wasm, 2 threads has no kernel Conv2DBackpropFilter (J4, batch 8; J5');
    expect(text).to.include('images/bench-nets.svg');
    expect(text).to.not.include('## Training and inference');
    expect(text).to.not.include('## Convolutions');
  });

  it('has the GFLOPS of a convolution with both gradients, each 2 N O I H W K² operations', () => {
    const [job] = convolutionJobs(false);
    if (job.task.kind !== 'convolution') throw new Error('expected a convolution');
    expect(flops(job.task)).to.equal(3 * 2 * 32 * 64 * 64 * 32 * 32 * 9);
    const text = markdown({ ...empty, convolutions: [measured(job, 0.1)] });
    expect(text).to.include('## Convolutions, float32, batch 32');
    expect(text).to.include('| GFLOPS | 3×3, 64 → 64, 32 × 32 |');
    expect(text).to.include('| PyTorch, 2 threads | 72.5 |');
    expect(text).to.include('- scijs (ndarray-gemm) has no convolution (convolutions).');
    expect(text).to.not.include('| scijs');
  });

  it('has the growth of a convolution by batch, channels and size', () => {
    const growths = convolutionGrowths(true).map((growth) => ({
      growth,
      measured: growth.points.map(({ job }) => measured(job, 0.001)),
    }));
    const text = markdown({ ...empty, growths });
    expect(text).to.include('## How the cost of a convolution grows');
    expect(text).to.include('| ms per convolution, by batch (64 channels, 16 × 16) | 1 | 8 | 64 |');
    expect(text).to.include('| ms per convolution, by channels (batch 32, 16 × 16) | 16 | 64 | 256 |');
    expect(text).to.include('| ms per convolution, by height and width (batch 32, 64 channels) | 4 | 16 | 32 |');
    expect(text).to.include('| handgrad wasm, 2 threads | 2.00 | 2.00 | 2.00 |');
    expect(text).to.not.include('## How the cost grows');
  });
});

describe("the bench's options", () => {
  it('choose the jobs with convolutions, all of them by default', () => {
    expect(readOptions([], 'out')?.only).to.deep.equal(GROUPS);
    const only = ['--only', 'j6,convolution-growth,j4'];
    expect(readOptions(only, 'out')?.only).to.deep.equal(['j4', 'j6', 'convolution-growth']);
    expect(() => readOptions(['--only', 'j7'], 'out')).to.throw(UsageError, "--only: there is no 'j7'; there are j1,");
  });

  it('leave the jobs of each group with ids of their own, and smaller batches with --quick', () => {
    const ids = [true, false].map((quick) => [...netJobs(quick), ...convolutionJobs(quick)].map(({ id }) => id));
    expect(ids[0].slice(0, 3)).to.deep.equal(['j4-8', 'j5-32', 'j6']);
    expect(ids[1].slice(0, 4)).to.deep.equal(['j4-32', 'j4-8', 'j5-128', 'j6']);
    for (const list of ids) expect(new Set(list).size).to.equal(list.length);
  });
});
