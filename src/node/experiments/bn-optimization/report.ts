import { join } from 'node:path';
import { markdownTable } from '../../plots/page.js';
import { writeWhole } from '../../runs/run-folder.js';
import { type Claim, claimsTable, markdownReport } from '../claims.js';
import { engineOf, type PartFile } from '../parts.js';
import { rankCorrelation } from '../rank-correlation.js';
import { timeText } from '../summary.js';
import { ARM_NAMES, ARMS } from './arms.js';
import { type NetSeries, optimizationClaims, text } from './claims.js';
import { DEEP_MLP, MLP_RATES, SWEEP, type SweepResult } from './deep-mlp.js';
import { type ArmResult, LINEAR_NET } from './linear-net.js';
import {
  activationsPicture,
  landscapePicture,
  shiftAndCurvaturePicture,
  shiftPicture,
  trainingPicture,
} from './pictures.js';
import { final, relativeRange, relativeShift, seriesOf, shiftAndCurvature, shiftCosine, typical } from './series.js';

/** What a part of this experiment can come to. */
export type OptimizationResult = ArmResult | SweepResult;

/** Writes the report and its pictures. */
export async function writeOptimizationReport(
  out: string,
  files: readonly PartFile<OptimizationResult>[],
  warning = '',
): Promise<{ report: string; claims: Claim[] }> {
  const nets = netsOf(files.filter(isArm));
  const claims = nets.flatMap(optimizationClaims);
  await writeWhole(join(out, 'training.svg'), await trainingPicture(nets));
  await writeWhole(join(out, 'covariate-shift.svg'), await shiftPicture(nets));
  await writeWhole(join(out, 'shift-and-curvature.svg'), await shiftAndCurvaturePicture(nets));
  await writeWhole(join(out, 'landscape.svg'), await landscapePicture(nets));
  for (const [i, net] of nets.entries())
    await writeWhole(join(out, `activations-${i}.svg`), await activationsPicture(net));
  await writeWhole(join(out, 'report.md'), markdown(nets, files, claims, warning));
  return { report: 'report.md', claims };
}

function isArm(file: PartFile<OptimizationResult>): file is PartFile<ArmResult> {
  return 'records' in file.result;
}

function isSweep(file: PartFile<OptimizationResult>): file is PartFile<SweepResult> {
  return 'losses' in file.result;
}

/** The nets of some finished parts. */
export function netsOf(files: readonly PartFile<ArmResult>[]): NetSeries[] {
  return [
    {
      name: 'deep linear net',
      linear: true,
      rate: LINEAR_NET.learningRate,
      series: seriesOf(files, ARMS, { net: 'linear' }),
    },
    ...MLP_RATES.map((rate) => ({
      name: `MLP, rate ${rate}`,
      linear: false,
      rate,
      series: seriesOf(files, ARMS, { net: 'mlp', rate }),
    })),
  ].filter(({ series }) => series.length > 0);
}

function markdown(
  nets: readonly NetSeries[],
  files: readonly PartFile<OptimizationResult>[],
  claims: readonly Claim[],
  warning: string,
): string {
  const { depth, width, samples, learningRate, steps, reach, layers } = LINEAR_NET;
  const mlp = DEEP_MLP;
  const seconds = files.reduce((total, file) => total + file.seconds, 0);
  return markdownReport('How does batch norm help optimisation?', warning, [
    'After S. Santurkar, D. Tsipras, A. Ilyas, A. Madry: How does batch normalization help optimization? 2018, arXiv 1805.11604; their deep ' +
      'linear network, and a deep MLP in place of their convolutional net.',
    `**Deep linear net**: ${depth} linear layers of ${width} × ${width} without bias, Glorot initialisation, ${samples} Gaussian samples x, targets ` +
      `Ax with a Gaussian A, loss ‖W₁…W_k x − Ax‖² summed over the samples, full batch, gradient descent with step size ${learningRate}, ` +
      `${steps.toLocaleString('en-US')} steps, float64. An arm's norm stands behind every layer but the last. Along the gradient from ${reach[0]} to ${reach[1]} step ` +
      `sizes; covariate shift of the layers ${layers.map((layer) => layer + 1).join(', ')}.`,
    `**MLP on CIFAR-10**: ${mlp.hidden} hidden layers of ${mlp.width}, ReLU, He initialisation, batches of ${mlp.batchSize}, plain SGD, ${mlp.steps} steps, float32, pixels ` +
      `from −1 to 1. An arm's norm stands before each ReLU. Along the gradient from ${mlp.reach[0]} to ${mlp.reach[1]} step sizes, on the step's own batch; covariate ` +
      `shift of the layers ${mlp.layers.map((layer) => layer + 1).join(', ')}.`,
    'Arms: **plain**; **batch norm**; batch norm with **noise** behind it that changes its distribution at every step; and the mean taken off ' +
      'with division by the average **ℓ1, ℓ2, ℓ∞ norm** of the batch before that. Covariate shift: ‖G − G′‖ of the gradient G of a layer’s weights, and G′ after the ' +
      'layers before it took their step, on the same batch. β: the largest change of the gradient for its distance. Figures are means over the ' +
      'seeds ± the standard deviation of the sample; medians are over the steps of a run.',
    `Made with \`npx handgrad experiment bn-optimization\`. Engine: ${engineOf(files)}; ${timeText(seconds)} of computing in all.`,
    '## Claims',
    claimsTable(claims, warning === ''),
    '## Which step sizes',
    `The MLP after ${SWEEP.steps} steps, mean loss of the last tenth of them (chance: 2.303), seed 42:`,
    sweepTable(files.filter(isSweep)),
    '## Training',
    '![Training loss and accuracy](training.svg)',
    figuresTable(nets),
    '## Internal covariate shift',
    '![Internal covariate shift](covariate-shift.svg)',
    'Where it comes from: a step of size η changes the gradient by about η times the curvature that it meets, relative to its length. A dot a run, ' +
      `medians over its steps; the rank correlation of η β and the relative shift is ${correlation(nets.filter(({ linear }) => !linear))} over the runs of the MLP. Beyond ` +
      'η β = 2 a step in a valley of that curvature ends farther from its bottom than it began.',
    '![Relative covariate shift against step size times effective smoothness](shift-and-curvature.svg)',
    '## Landscape, predictiveness, smoothness',
    'Bands: from the lowest to the highest value along the gradient, seed 42; the line in them is their geometric mean.',
    '![Loss landscape, gradient predictiveness and smoothness](landscape.svg)',
    '## Distributions of activations',
    ...nets.map(({ name }, i) => `![${name}: distributions of three activations](activations-${i}.svg)`),
  ]);
}

function correlation(nets: readonly NetSeries[]): string {
  const pairs = nets.flatMap(({ series, rate }) => series.flatMap((each) => shiftAndCurvature(each, rate)));
  return pairs.length > 1 ? rankCorrelation(pairs).toFixed(2) : '–';
}

function sweepTable(files: readonly PartFile<SweepResult>[]): string {
  return markdownTable([
    ['net', ...SWEEP.rates.map((rate) => `rate ${rate}`)],
    ...files.map(({ settings, result }) => [
      settings.arm === 'plain' ? 'plain' : 'batch norm',
      ...result.losses.map((loss) => (loss === null ? 'not finite' : loss.toFixed(3))),
    ]),
  ]);
}

function figuresTable(nets: readonly NetSeries[]): string {
  return markdownTable([
    ['net', 'arm', 'seeds', 'last loss', 'accuracy', '‖G − G′‖/‖G‖', 'cosine', 'range/loss', 'predictiveness', 'β'],
    ...nets.flatMap(({ name, linear, series }) =>
      series.map((each) => [
        name,
        ARM_NAMES[each.arm],
        String(each.files.length),
        text(final(each, ({ loss }) => loss)),
        linear ? '–' : text(final(each, (_, i, { accuracies }) => accuracies[i])),
        text(typical(each, relativeShift)),
        text(typical(each, shiftCosine)),
        text(typical(each, relativeRange)),
        text(typical(each, ({ predictiveness }) => predictiveness.high)),
        text(typical(each, ({ smoothness }) => smoothness)),
      ]),
    ),
  ]);
}
