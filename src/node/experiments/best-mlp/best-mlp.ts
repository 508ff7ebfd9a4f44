import { InputError, messageOf } from '../../../array/index.js';
import { runConfig } from '../../runs/read-config.js';
import { flagsOf, settingsFromFlags } from '../../runs/run-flags.js';
import { type Experiment, type ExperimentOptions, parseCount, seedsOption } from '../experiment.js';
import { writeReport } from '../experiment-report.js';
import { loadAllRunResults, type MeasuredRun, runCommand, runSummary } from '../run-result.js';
import { firstSeeds, shortened, TrainJob } from '../train-job.js';
import {
  BEST_MLP_EPOCHS,
  bestMlpConfig,
  type Candidate,
  finalJobs,
  narrowed,
  validationJobs,
} from './best-mlp-plan.js';
import { BEST_MLP_TITLE, bestMlpParts, bestMlpRuns, type EvaluatedRun, validationCells } from './best-mlp-report.js';

export const bestMlp: Experiment<MeasuredRun> = {
  name: 'best-mlp',
  summary: 'the best multi-layer perceptron that two cores train in an hour; --validation to select on held-out images',
  description:
    'Trains the best multi-layer perceptron: no convolution, and no data except the 50,000 training images. 1,000 of them are held out to ' +
    'plot a curve. The net is evaluated on the test set once, after training.\n\nWith --validation, 5,000 training images are held out and ' +
    'the test set is not used: this is how settings are selected.',
  expected: 'about 55 min with blas on two cores (1 h 30 min with wasm); --quick 20 s',
  options: [
    { flags: '--validation', help: 'hold out 5,000 training images and evaluate on them', default: false },
    {
      flags: '--try <flags>',
      help: 'with --validation, flags of handgrad train to compare with the recipe; may be repeated: --try "--dropout 0.2"',
      parse: (text, previous) => [...(Array.isArray(previous) ? previous : []), text],
      default: [],
    },
    {
      flags: '--epochs <n>',
      help: 'how many times each training image is used',
      parse: parseCount,
      default: BEST_MLP_EPOCHS,
    },
    seedsOption('runs of each setting', 1),
  ],
  jobs: bestMlpJobs,
  // Candidates and final runs may be run one after the other, so the report covers every run in the folder.
  load: (out) => loadAllRunResults(out),
  async report(results, { out, warning, evaluate }) {
    const { validation, final: trained } = bestMlpRuns(results);
    const final: EvaluatedRun[] = [];
    for (const run of trained) final.push({ ...run, test: await evaluate(run.name) });
    const summary = (run: MeasuredRun) => ({ ...runSummary(run), command: runCommand(run) });
    const document = {
      validation: validation.map(summary),
      final: final.map((run) => ({ ...summary(run), test: run.test })),
    };
    if (results.length === 0) return { document };
    const parts = bestMlpParts({ validation, final });
    return {
      files: await writeReport(out, BEST_MLP_TITLE, warning, parts, { page: true }),
      table: validation.length > 0 ? validationCells(validation) : undefined,
      optional: [2, 1, 6, 4],
      lines: final.map(({ name, test }) => `${name}: test accuracy ${test.accuracy.toFixed(4)}`),
      document,
    };
  },
};

function bestMlpJobs(options: ExperimentOptions): TrainJob[] {
  const { validation = false, try: candidates = [], epochs = BEST_MLP_EPOCHS, quick } = options;
  if (!validation && candidates.length > 0) throw new InputError('--try needs --validation');
  const seeds = firstSeeds(options.seeds ?? 1);
  const jobs = validation
    ? validationJobs(
        ['', ...candidates].map((flags) => candidateOf(flags, epochs)),
        seeds,
      )
    : finalJobs(bestMlpConfig({ epochs, validation }), seeds);
  return quick ? jobs.map(({ name, config }) => new TrainJob(name, narrowed(shortened(config)))) : jobs;
}

/** The recipe with other flags after its own. The number of epochs stays the same if they change the batch size. */
function candidateOf(flags: string, epochs: number): Candidate {
  const words = flags.split(/\s+/).filter((word) => word !== '');
  const withRecipe = (batchSize?: number) =>
    runConfig(settingsFromFlags([...flagsOf(bestMlpConfig({ epochs, validation: true, batchSize })), ...words]));
  try {
    return { flags, config: withRecipe(withRecipe().batchSize) };
  } catch (error) {
    throw new InputError(`--try "${flags}": ${messageOf(error).replace(/^error: /, '')}`);
  }
}
