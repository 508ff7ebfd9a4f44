import { CIFAR10_CLASSES } from '../../../data/cifar10-facts.js';
import { type PanelLine, panelsSvg, pointOf } from '../../plots/panels.js';
import { type ClaimsReport, enginesText } from '../experiment-report.js';
import { formatMean, formatTime, meanDeviation } from '../statistics.js';
import { accuracyAt, sizesOf, type TransferFile, transferClaims, transferFiles } from './transfer-claims.js';
import { SOURCE_CLASSES, START_LABELS, STARTS, TARGET_CLASSES, TRANSFER_PLAN } from './transfer-plan.js';

/** The test accuracy in the course's report with DenseNet-121, and that of its ConvNet from scratch. */
const PUBLISHED = { densenet: 0.854, convnet: 0.812 } as const;

/** What repeats the published row where ImageNet's weights can be had. */
export const DENSENET_COMMANDS = [
  'npx handgrad data densenet121',
  'npx handgrad train --model densenet121 --weights densenet121 --pixels symmetric --optimizer adam ' +
    '--learning-rate 1e-4 --batch-size 32 --max-steps 5000 --eval-every 500',
];

/** The report of some measurements. */
export function transferReport(files: readonly TransferFile[]): ClaimsReport {
  const { source, target, widths } = TRANSFER_PLAN;
  const sources = files.filter(({ settings }) => settings.start === undefined);
  const seconds = files.reduce((total, file) => total + file.seconds, 0);
  return {
    title: 'Transfer: a net that has learned other classes',
    setup: [
      { file: 'ends.svg', alt: 'Accuracy at the end over the number of training images', svg: endsFigure(files) },
      `A ConvNet with the widths ${widths.join(', ')} learns ${named(SOURCE_CLASSES)}: all 25,000 training images of CIFAR-10, ` +
        `${stepsText(source.evaluations)} of ${source.batchSize}. Its weights, except those of the last layer, are the start on the other five ` +
        `classes, ${named(TARGET_CLASSES)}, with ${TRANSFER_PLAN.sizes.join(', ')} images per class: *fine-tuned* trains all layers, ` +
        '*frozen features* only the last one. *From scratch* is the same net with PyTorch’s initial weights. All three get the same images in the ' +
        `same order, ${stepsText(target.evaluations)} of ${target.batchSize}, Adam at ${target.learningRate}, no augmentation, pixels from −1 to 1. ` +
        'The last evaluation is on the 5,000 test images of the five classes, the earlier ones on 1,000 of them.',
      'One learning rate for all, as in the published comparison; it was not tuned for any of them.',
      `Made with \`npx handgrad experiment transfer\`. Engine: ${enginesText(files)}; ${formatTime(seconds)} in all processes together.`,
    ],
    claims: transferClaims(files),
    parts: [
      { heading: 'The start' },
      { file: 'curves.svg', alt: 'Accuracy over the steps', svg: curvesFigure(files) },
      { heading: 'Figures' },
      'Test accuracy at the first evaluation and at the last, mean and standard deviation over the seeds.',
      figureCells(files),
      ...missingText(files),
      sources.length === 0
        ? 'No net learned the first five classes to the end.'
        : `On its own five classes, the net of the start reaches ${formatMean(meanDeviation(sources.map((file) => accuracyAt(file, 'last'))))}.`,
      { heading: 'The published row' },
      `Question 4b of the course fine-tunes all layers of DenseNet-121 with weights from ImageNet, and reports ${PUBLISHED.densenet} against ` +
        `${PUBLISHED.convnet} from scratch. This row is **not reproduced here**: the weights, torchvision’s \`densenet121-a639ec97.pth\`, could not be ` +
        'fetched where this report was made, and nothing else stands in for them. Where they can be fetched, these commands repeat the row:',
      { command: DENSENET_COMMANDS.join('\n') },
    ],
  };
}

/** A sentence about the measurements that other seeds have and one has not, if there are any. */
function missingText(files: readonly TransferFile[]): string[] {
  const seeds = [...new Set(files.map(({ settings }) => settings.seed))];
  const missing = seeds.flatMap((seed) =>
    sizesOf(files).flatMap((size) =>
      STARTS.filter((start) => !transferFiles(files, start, size).some(({ settings }) => settings.seed === seed)).map(
        (start) => `${START_LABELS[start]} with ${size} images and seed ${seed}`,
      ),
    ),
  );
  return missing.length === 0 ? [] : [`**Not finished:** ${missing.join('; ')}. \`--resume\` goes on with them.`];
}

function named(labels: readonly number[]): string {
  const names = labels.map((label) => CIFAR10_CLASSES[label]);
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function stepsText(evaluations: readonly number[]): string {
  return `${evaluations[evaluations.length - 1]} batches`;
}

function figureCells(files: readonly TransferFile[]): string[][] {
  const rows = sizesOf(files).flatMap((size) =>
    STARTS.flatMap((start) => {
      const own = transferFiles(files, start, size);
      if (own.length === 0) return [];
      const [first, last] = (['first', 'last'] as const).map((when) =>
        formatMean(meanDeviation(own.map((file) => accuracyAt(file, when)))),
      );
      return [[String(size), START_LABELS[start], String(own.length), first, last]];
    }),
  );
  return [['images per class', 'start', 'seeds', 'first evaluation', 'last step'], ...rows];
}

/** One panel per number of images: accuracy over the steps. */
function curvesFigure(files: readonly TransferFile[]): Promise<string> {
  const panels = sizesOf(files).map((size) => ({
    title: `${size.toLocaleString('en-US')} images per class`,
    x: { label: 'step', zero: true },
    y: { label: 'test accuracy', domain: [0, 1] as const, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    lines: STARTS.map((start): PanelLine => {
      const own = transferFiles(files, start, size);
      const tests = own[0]?.result.tests ?? [];
      const points = tests.map(({ step }, i) =>
        pointOf(
          step,
          own.map(({ result }) => result.tests[i].accuracy),
        ),
      );
      return { name: START_LABELS[start], dots: true, points };
    }),
  }));
  return panelsSvg('Accuracy on the new classes; bands from the lowest to the highest seed', panels);
}

/** Accuracy at the end over the number of images. */
function endsFigure(files: readonly TransferFile[]): Promise<string> {
  const sizes = sizesOf(files);
  const lines = STARTS.map((start): PanelLine => {
    const points = sizes.flatMap((size) => {
      const ends = transferFiles(files, start, size).map((file) => accuracyAt(file, 'last'));
      return ends.length > 0 ? [pointOf(size, ends)] : [];
    });
    return { name: START_LABELS[start], dots: true, last: true, points };
  });
  const [x, y] = [
    { label: 'training images per class', log: true, ticks: sizes },
    { label: 'test accuracy at the last step' },
  ];
  return panelsSvg('Few images: five new classes of CIFAR-10', [{ title: 'the end', x, y, lines }]);
}
