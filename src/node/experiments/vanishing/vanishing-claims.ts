import type { Claim } from '../claims.js';
import type { MeasurementFile } from '../measurement.js';
import { average, formatMagnitude, type MeanDeviation, meanDeviation, median } from '../statistics.js';
import type { GradientHistory } from './gradient-tracking.js';
import { ACTIVATION_LABELS, COMPARED_ACTIVATIONS, type ComparedActivation, type TrackedNet } from './vanishing-plan.js';

export type GradientFile = MeasurementFile<GradientHistory>;

/** The measurements of one net with one activation, one per seed. */
export function gradientFiles(
  files: readonly GradientFile[],
  net: TrackedNet['name'],
  activation: ComparedActivation,
): GradientFile[] {
  return files.filter(({ settings }) => settings.net === net && settings.activation === activation);
}

/**
 * The gradient of the first layer as a fraction of that of the last: the median over the steps, then the mean over
 * the seeds.
 */
export function firstOverLast(files: readonly GradientFile[]): MeanDeviation {
  return meanDeviation(
    files.map(({ result }) => median(result.looks.map(({ lengths }) => lengths[0] / lengths[lengths.length - 1]))),
  );
}

/** The fraction of flat units over all activation layers, in the second half of training. */
export function flatUnits(files: readonly GradientFile[]): MeanDeviation {
  return meanDeviation(
    files.map(({ result }) =>
      average(result.looks.slice(Math.floor(result.looks.length / 2)).flatMap(({ flat }) => flat)),
    ),
  );
}

/** The claims about vanishing gradients, and their verdicts. */
export function vanishingClaims(files: readonly GradientFile[]): Claim[] {
  const has = (net: TrackedNet['name']) =>
    COMPARED_ACTIVATIONS.every((activation) => gradientFiles(files, net, activation).length > 0);
  const ratios = (net: TrackedNet['name']) =>
    COMPARED_ACTIVATIONS.map((activation) => firstOverLast(gradientFiles(files, net, activation)));
  if (!has('deep')) return [];
  const deep: Claim = {
    claim:
      'In a deep net without a norm and with PyTorch’s initial weights, gradients vanish on their way to the first layer.',
    criterion:
      'the gradient of the first layer is below 0.01 of that of the last in the median step, with all three activations',
    measured: ratiosText(ratios('deep')),
    holds: ratios('deep').every(({ mean }) => mean < 0.01),
  };
  return has('table1') ? [deep, ...table1Claims(files, ratios('table1'))] : [deep];
}

function table1Claims(files: readonly GradientFile[], ratios: readonly MeanDeviation[]): Claim[] {
  const [elu, relu, tanh] = ratios;
  const [eluFile, tanhFile] = (['elu', 'tanh'] as const).map((name) => gradientFiles(files, 'table1', name)[0]);
  const { tests } = tanhFile.result;
  const [early, last] = [tests.find(({ step }) => step === 2000) ?? tests[0], tests[tests.length - 1]];
  const eluEarly = eluFile.result.tests.find(({ step }) => step === early.step)?.testAccuracy ?? Number.NaN;
  const eluLast = eluFile.result.tests[eluFile.result.tests.length - 1].testAccuracy;
  const digits = (value: number) => value.toFixed(3);
  return [
    {
      claim: 'Setup 9 (tanh) is worse than setups 6 and 8 because its gradients vanish.',
      criterion:
        'the gradient of the first layer, as a fraction of that of the last, is less than half of that with ELU and with ReLU',
      measured: ratiosText(ratios),
      holds: tanh.mean < elu.mean / 2 && tanh.mean < relu.mean / 2,
    },
    {
      claim: 'It is worse because its 5,000 steps overfit: setups 6 and 8 have 2,000.',
      criterion:
        'with tanh, from step 2,000 to the last, training accuracy rises by 0.05 and test accuracy falls by 0.005',
      measured:
        `training ${digits(early.trainAccuracy)} to ${digits(last.trainAccuracy)}, test ${digits(early.testAccuracy)} to ` +
        `${digits(last.testAccuracy)}; with ELU after the same number of steps ${digits(eluLast)}`,
      holds: last.trainAccuracy - early.trainAccuracy > 0.05 && early.testAccuracy - last.testAccuracy > 0.005,
    },
    {
      claim: 'It is worse with any number of steps.',
      criterion: 'its test accuracy is below that with ELU by 0.01 at step 2,000 and at the last step',
      measured:
        `at step ${early.step.toLocaleString('en-US')} ${digits(early.testAccuracy)} and ${digits(eluEarly)} with ELU, at the last step ` +
        `${digits(last.testAccuracy)} and ${digits(eluLast)}`,
      holds: Number.isNaN(eluEarly) ? null : eluEarly - early.testAccuracy > 0.01 && eluLast - last.testAccuracy > 0.01,
    },
  ];
}

function ratiosText(ratios: readonly MeanDeviation[]): string {
  return COMPARED_ACTIVATIONS.map(
    (activation, i) => `${ACTIVATION_LABELS[activation]} ${formatMagnitude(ratios[i])}`,
  ).join(', ');
}
