import { type Experiment, seedsOption } from '../experiment.js';
import { claimsReport } from '../experiment-report.js';
import { type MeasuredRun, runSummary } from '../run-result.js';
import { firstSeeds } from '../train-job.js';
import { convnetPictures } from './convnet-pictures.js';
import { convnetJobs } from './convnet-plan.js';
import { convnetReport } from './convnet-report.js';

export const convnet: Experiment<MeasuredRun> = {
  name: 'convnet',
  summary: "the course's convolutional net on CIFAR-10: question 4a, published and reproduced",
  description:
    'Trains the convolutional net of the course’s assignment with the settings of its report. Writes the run folders, curves, the confusion matrix, the ' +
    'kernels of the first layer, and the pictures that the net gets wrong with where it looked.',
  expected: 'two hours with blas (2 seeds, two cores); --quick 1 min',
  // A run uses all cores: two side by side would need the memory of two, and take as long.
  oneAtATime: true,
  options: [seedsOption('runs', '2; with --quick 1')],
  jobs: ({ seeds, quick }) => convnetJobs(firstSeeds(seeds ?? (quick ? 1 : 2)), quick),
  async report(runs, context) {
    const [first] = runs;
    const { out, quick, loadData } = context;
    const pictures = first ? await convnetPictures(out, first, (await loadData('cifar10')).test, quick) : [];
    return claimsReport({ runs: runs.map(runSummary) }, context, () => convnetReport(runs, pictures));
  },
};
