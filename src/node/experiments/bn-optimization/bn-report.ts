import { type ClaimsReport, enginesText } from '../experiment-report.js';
import type { MeasurementFile } from '../measurement.js';
import { PAIRED_CRITERION } from '../paired-ratio.js';
import { rankCorrelation } from '../rank-correlation.js';
import { formatMagnitude, formatTime } from '../statistics.js';
import { optimizationClaims } from './bn-claims.js';
import { activationsFigure, curvatureFigure, landscapeFigure, shiftFigure, trainingFigure } from './bn-figures.js';
import { DEEP_MLP, SWEEP, type SweepResult } from './deep-mlp.js';
import { LINEAR_NET, type VariantResult } from './linear-network.js';
import { VARIANT_NAMES } from './norm-variants.js';
import {
  finalValue,
  medianOf,
  type NetSeries,
  netSeries,
  predictiveness,
  relativeRange,
  relativeShift,
  shiftAndCurvature,
  shiftCosine,
  smoothness,
  trainingLoss,
} from './variant-series.js';

/** The results of this experiment's measurements. */
export type OptimizationResult = VariantResult | SweepResult;

type OptimizationFile = MeasurementFile<OptimizationResult>;

/** The report of some measurements. */
export function optimizationReport(files: readonly OptimizationFile[]): ClaimsReport {
  const nets = netSeries(files.filter(isVariantFile));
  const seconds = files.reduce((total, file) => total + file.seconds, 0);
  return {
    title: 'How does batch norm help optimization?',
    setup: [
      { file: 'training.svg', alt: 'Training loss and accuracy', svg: trainingFigure(nets) },
      ...setupTexts(),
      `Made with \`npx handgrad experiment bn-optimization\`. Engine: ${enginesText(files)}; ${formatTime(seconds)} of computing time in all.`,
    ],
    claims: nets.flatMap(optimizationClaims),
    parts: [
      { heading: 'Step sizes' },
      `The MLP after ${SWEEP.steps} steps with seed 42: the mean loss of the last tenth of the steps (chance: 2.303).`,
      sweepCells(files.filter(isSweepFile)),
      { heading: 'Training' },
      figureCells(nets),
      { heading: 'Internal covariate shift' },
      { file: 'covariate-shift.svg', alt: 'Internal covariate shift', svg: shiftFigure(nets) },
      'A step of size η changes the gradient by about η times the curvature along the step, relative to the length of the gradient. The figure has one dot ' +
        'per run, with medians over its steps. Over the runs of the MLP, the rank correlation of η β and the relative shift is ' +
        `${correlationText(nets.filter(({ linear }) => !linear))}. Above η β = 2, a step in a valley of that curvature ends farther from the bottom than it began.`,
      {
        file: 'shift-and-curvature.svg',
        alt: 'Relative covariate shift by step size times effective smoothness',
        svg: curvatureFigure(nets),
      },
      { heading: 'Landscape, predictiveness, smoothness' },
      'The bands reach from the lowest to the highest value along the gradient, for seed 42. The line in each band is the geometric mean of the two.',
      {
        file: 'landscape.svg',
        alt: 'Loss landscape, gradient predictiveness and smoothness',
        svg: landscapeFigure(nets),
      },
      { heading: 'Distributions of activations' },
      ...nets.map((net, i) => ({
        file: `activations-${i}.svg`,
        alt: `${net.name}: distributions of three activations`,
        svg: activationsFigure(net),
      })),
    ],
  };
}

function isVariantFile(file: OptimizationFile): file is MeasurementFile<VariantResult> {
  return 'records' in file.result;
}

function isSweepFile(file: OptimizationFile): file is MeasurementFile<SweepResult> {
  return 'losses' in file.result;
}

/** The nets, their training, and the variants. */
function setupTexts(): string[] {
  const { depth, width, samples, learningRate, steps, reach, layers } = LINEAR_NET;
  const mlp = DEEP_MLP;
  const numbers = (indices: readonly number[]) => indices.map((layer) => layer + 1).join(', ');
  return [
    'After S. Santurkar, D. Tsipras, A. Ilyas, A. Madry: How does batch normalization help optimization? 2018, arXiv 1805.11604. The nets are their deep ' +
      'linear network, and a deep MLP in place of their convolutional net.',
    `**Deep linear net**: ${depth} linear layers of ${width} × ${width} without bias, Glorot initialization, ${samples} Gaussian samples x, targets ` +
      `Ax with a Gaussian A, loss ‖W₁…W_k x − Ax‖² summed over the samples, full batch, gradient descent with step size ${learningRate}, ` +
      `${steps.toLocaleString('en-US')} steps, float64. The norm follows each layer except the last. Along the gradient, distances from ${reach[0]} to ${reach[1]} step ` +
      `sizes. Covariate shift of layers ${numbers(layers)}.`,
    `**MLP on CIFAR-10**: ${mlp.hidden} hidden layers of ${mlp.width} units, ReLU, He initialization, batch size ${mlp.batchSize}, plain SGD, ${mlp.steps} steps, float32, pixels ` +
      `from −1 to 1. The norm stands before each ReLU. Along the gradient, distances from ${mlp.reach[0]} to ${mlp.reach[1]} step sizes, on the batch of the step. Covariate ` +
      `shift of layers ${numbers(mlp.layers)}.`,
    'Variants: **plain**; **batch norm**; batch norm followed by **noise** whose distribution changes at every step; that noise **without a norm**; and norms that subtract the mean and ' +
      'divide by the average **ℓ1, ℓ2 or ℓ∞ norm** that the feature had before. Covariate shift: ‖G − G′‖, with the gradient G of a layer’s weight, and G′ after the ' +
      'layers before it took their step, on the same batch. β: the largest change of the gradient per distance. The figures are means over the ' +
      'seeds ± the sample standard deviation. Medians are over the steps of a run. ' +
      PAIRED_CRITERION,
  ];
}

function correlationText(nets: readonly NetSeries[]): string {
  const pairs = nets.flatMap(({ series, rate }) => series.flatMap((each) => shiftAndCurvature(each, rate)));
  return pairs.length > 1 ? rankCorrelation(pairs).toFixed(2) : '–';
}

function sweepCells(files: readonly MeasurementFile<SweepResult>[]): string[][] {
  return [
    ['net', ...SWEEP.rates.map((rate) => `rate ${rate}`)],
    ...files.map(({ settings, result }) => [
      settings.arm === 'plain' ? 'plain' : 'batch norm',
      ...result.losses.map((loss) => (loss === null ? 'not finite' : loss.toFixed(3))),
    ]),
  ];
}

function figureCells(nets: readonly NetSeries[]): string[][] {
  const medians = [relativeShift, shiftCosine, relativeRange, predictiveness, smoothness];
  return [
    ['net', 'norm', 'seeds', 'last loss', 'accuracy', '‖G − G′‖/‖G‖', 'cosine', 'range/loss', 'predictiveness', 'β'],
    ...nets.flatMap(({ name, linear, series }) =>
      series.map((each) => [
        name,
        VARIANT_NAMES[each.variant],
        String(each.files.length),
        formatMagnitude(finalValue(each, trainingLoss)),
        linear ? '–' : formatMagnitude(finalValue(each, (_, i, { accuracies }) => accuracies[i])),
        ...medians.map((figure) => formatMagnitude(medianOf(each, figure))),
      ]),
    ),
  ];
}
