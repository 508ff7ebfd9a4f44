import { seedCurvesSvg } from '../../plots/curves.js';
import { type ClaimsReport, enginesText, type ReportPart } from '../experiment-report.js';
import { type MeasuredRun, runCommand, runTimeText } from '../run-result.js';
import { convnetClaims } from './convnet-claims.js';
import { CONVNET_ACCURACY } from './convnet-plan.js';

/**
 * The report of some runs of the course's convolutional net.
 *
 * @param pictures the parts that show what the first of them learned
 */
export function convnetReport(runs: readonly MeasuredRun[], pictures: readonly ReportPart[]): ClaimsReport {
  const { published } = CONVNET_ACCURACY;
  const histories = runs.map(({ history }) => history);
  return {
    title: "The course's convolutional net on CIFAR-10",
    setup: [
      {
        file: 'curves.svg',
        alt: 'Loss and accuracy over the steps',
        svg: seedCurvesSvg(histories, 'Loss and accuracy of the convolutional net', { published }),
      },
      "Question 4a of the course: the net of the assignment's figure 5, a small VGG with pre-activation residual blocks. Adam 1e-4, " +
        'batches of 32, 5,000 steps, PyTorch’s initial weights, evaluation on all 10,000 test images every 500 steps. ' +
        `The course's report says ${published}; the assignment asks for ${CONVNET_ACCURACY.asked}. Bands reach from the lowest to the highest seed.`,
      `Engine: ${enginesText(runs.map(({ effort }) => effort))}.`,
      runCells(runs),
      { command: runCommand(runs[0]) },
    ],
    claims: convnetClaims(runs),
    parts: [{ heading: 'What it confuses' }, ...pictures],
  };
}

/** One row per run. */
function runCells(runs: readonly MeasuredRun[]): string[][] {
  return [
    ['seed', 'last step', 'test loss', 'training accuracy', 'best evaluation', 'at step', 'time', 'peak memory'],
    ...runs.map((run) => [
      String(run.config.seed),
      run.last.testAccuracy.toFixed(4),
      run.last.testLoss.toFixed(4),
      run.last.trainAccuracy.toFixed(4),
      run.best.testAccuracy.toFixed(4),
      run.best.step.toLocaleString('en-US'),
      runTimeText(run),
      memoryText(run),
    ]),
  ];
}

function memoryText({ effort: { peakMemory } }: MeasuredRun): string {
  return peakMemory === undefined ? '–' : `${Math.round(peakMemory / 1e6).toLocaleString('en-US')} MB`;
}
