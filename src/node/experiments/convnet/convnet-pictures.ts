import { join } from 'node:path';
import { argmax, InputError, max, type NdArray, reshape, take } from '../../../array/index.js';
import type { ImageSet } from '../../../data/image-set.js';
import { Sequential } from '../../../layers/sequential.js';
import { type AttentionSample, attentionSvg } from '../../plots/attention.js';
import { confusionSvg } from '../../plots/confusion.js';
import { weightImagesSvg } from '../../plots/weight-images.js';
import { loadRun } from '../../runs/load-run.js';
import { testSource } from '../../runs/run-sources.js';
import type { ReportPart } from '../experiment-report.js';
import { classActivation } from '../measures/class-activation.js';
import type { MeasuredRun } from '../run-result.js';

/** The mistakes that are shown: those in which the net was most certain. */
const SHOWN = 8;
const BATCH = 100;
/** For `--quick`. */
const FEW_IMAGES = 300;

/** Pictures of one trained net: what it confuses, its first kernels, and its mistakes. */
export async function convnetPictures(
  out: string,
  { name, config }: MeasuredRun,
  images: ImageSet,
  quick: boolean,
): Promise<ReportPart[]> {
  const { model: net, inputs } = await loadRun(join(out, name));
  if (!(net instanceof Sequential)) throw new InputError(`${name} is not a run of a ConvNet`);
  net.eval();
  const source = testSource(config, images, inputs);
  const count = quick ? FEW_IMAGES : images.count;
  const confusion = images.classNames.map(() => images.classNames.map(() => 0));
  const mistakes: Mistake[] = [];
  for (let first = 0; first < count; first += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => first + i);
    const probs = net.probabilities(net.forward(source.batch(indices).x)); // (N, C)
    const [predicted, probability] = [argmax(probs, { axis: 1 }), max(probs, { axis: 1 })]; // (N,)
    for (const [i, index] of indices.entries()) {
      const actual = images.label(index);
      confusion[actual][predicted.get(i)]++;
      if (predicted.get(i) !== actual) {
        mistakes.push({ index, actual, predicted: predicted.get(i), probability: probability.get(i) });
      }
    }
  }
  mistakes.sort((a, b) => b.probability - a.probability);
  const shown = mistakes.slice(0, SHOWN);
  const { x } = source.batch(shown.map(({ index }) => index));
  const [seen, missed] = (['predicted', 'actual'] as const).map((which) =>
    classActivation(
      net,
      x,
      shown.map((mistake) => mistake[which]),
    ),
  );
  const samples = shown.map(
    (mistake, i): AttentionSample => ({
      pixels: images.image(mistake.index),
      maps: [
        {
          title: `✗ ${images.classNames[mistake.predicted]} ${(100 * mistake.probability).toFixed(0)} %`,
          map: pick(seen, i),
        },
        { title: `is: ${images.classNames[mistake.actual]}`, map: pick(missed, i) },
      ],
    }),
  );
  const [{ value: kernels }] = net.parameters();
  const [units, channels, height, width] = kernels.shape;
  const seed = `seed ${config.seed}`;
  return [
    {
      file: 'confusion.svg',
      alt: 'Confusion matrix of the test images',
      svg: confusionSvg(
        confusion,
        images.classNames,
        `Confusion matrix of ${count.toLocaleString('en-US')} test images, ${seed}`,
      ),
    },
    { heading: 'What the first layer looks for' },
    {
      file: 'kernels.svg',
      alt: 'The kernels of the first layer as pictures',
      svg: weightImagesSvg(
        reshape(kernels, [units, -1]),
        { channels, height, width },
        `Kernels of the first layer, ${seed}`,
        64,
      ),
    },
    { heading: 'What it gets wrong' },
    'The mistakes in which the net is most certain. Beside each picture is where its last feature map of 4×4 pixels speaks for the class that the ' +
      'net chose, and where for the right one (Grad-CAM, Selvaraju et al. 2017): bright where it does, dark where it does not.',
    {
      file: 'mistakes.svg',
      alt: 'Mistakes, and where the net looks',
      svg: attentionSvg(samples, images.shape, `Mistakes, ${seed}`),
    },
  ];
}

interface Mistake {
  index: number;
  actual: number;
  predicted: number;
  probability: number;
}

/** Map i as rows of numbers. */
function pick(maps: NdArray, i: number): number[][] {
  const [, height, width] = maps.shape;
  const map = take(maps, [i]);
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => map.get(0, y, x)));
}
