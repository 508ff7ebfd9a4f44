import { type ClaimsReport, enginesText } from '../experiment-report.js';
import { PAIRED_CRITERION } from '../paired-ratio.js';
import { formatTime } from '../statistics.js';
import { lastLosses, type VGGFile, valueText, vggFiles, vggStudyClaims } from './vgg-study-claims.js';
import {
  VGG_ARM_NAMES,
  vggLandscapeFigure,
  vggShiftFigure,
  vggStartsFigure,
  vggTrainingFigure,
} from './vgg-study-figures.js';
import { START_STEPS, VGG_ARMS, VGG_RATES, VGG_STARTS, VGG_STUDY } from './vgg-study-plan.js';

/** The report of some measurements. */
export function vggStudyReport(files: readonly VGGFile[]): ClaimsReport {
  const { widths, batchSize, steps, every } = VGG_STUDY;
  const seconds = files.reduce((total, file) => total + file.seconds, 0);
  return {
    title: 'Batch norm in VGG',
    setup: [
      { file: 'training.svg', alt: 'Training loss and accuracy of the four arms', svg: vggTrainingFigure(files) },
      'After a student project on S. Santurkar et al.: How does batch normalization help optimization? 2018, arXiv 1805.11604. ' +
        `VGG-16 with widths ${widths.join(', ')}, a quarter of the paper’s, and one linear layer; CIFAR-10, batches of ${batchSize}, pixels from −1 to 1. ` +
        `Plain SGD and He initialization, ${steps} steps; all measures every ${every} steps, on the batch of the step. At 0.001: SGD and Adam, He initialization ` +
        `and PyTorch’s, ${START_STEPS} steps.`,
      'Arms: **plain**; **batch norm** between each convolution and its ReLU; batch norm followed by **noise** whose distribution changes at every ' +
        'step; and the same **noise without batch norm**. Covariate shift: ‖G − G′‖/‖G‖, with the gradient G of a layer’s weight, and G′ after the ' +
        `layers before it took their step. ${PAIRED_CRITERION} A claim is undecided if the bound is in the interval.`,
      `Made with \`npx handgrad experiment vgg-batchnorm\`. Engine: ${enginesText(files)}; ${formatTime(seconds)} of computing time in all.`,
    ],
    claims: vggStudyClaims(files),
    parts: [
      { heading: 'At which settings a net learns' },
      lossTable(files),
      { file: 'starts.svg', alt: 'Training loss at 0.001', svg: vggStartsFigure(files) },
      { heading: 'Internal covariate shift' },
      { file: 'covariate-shift.svg', alt: 'Internal covariate shift of two layers', svg: vggShiftFigure(files) },
      { heading: 'Landscape, predictiveness, smoothness' },
      'The project followed the gradient of the last layer’s parameters, the paper that of all parameters.',
      { file: 'landscape-all.svg', alt: 'Along the gradient of all parameters', svg: vggLandscapeFigure(files, 'all') },
      { file: 'landscape-last.svg', alt: 'Along that of the last layer', svg: vggLandscapeFigure(files, 'last') },
    ],
  };
}

/** The loss of the last tenth of the steps, one row per recipe and arm. */
function lossTable(files: readonly VGGFile[]): string[][] {
  const rows = [...VGG_RATES, ...VGG_STARTS].flatMap((recipe) =>
    VGG_ARMS.flatMap((arm) => {
      const own = vggFiles(files, arm, recipe);
      const { optimizer, init, rate } =
        typeof recipe === 'number' ? { optimizer: 'sgd', init: 'kaiming', rate: recipe } : recipe;
      const losses = [...lastLosses(own).values()].map(valueText).join(', ');
      return own.length > 0 ? [[optimizer, String(rate), init, VGG_ARM_NAMES[arm], losses]] : [];
    }),
  );
  return [['optimizer', 'rate', 'initialization', 'arm', 'last loss, one per seed'], ...rows];
}
