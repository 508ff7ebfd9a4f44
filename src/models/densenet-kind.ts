import type { Random } from '../array/index.js';
import { areBlocks, DENSENET121_BLOCKS, DenseNet, MOST_LAYERS, STEMS } from './densenet.js';
import type { ModelKind, ModelSize } from './model.js';
import { COUNT, choice, type SettingsTable, setting, type ValuesOf, WIDTHS } from './setting.js';

/** The settings of a DenseNet in a run, those of DenseNet-121 by default. */
const SETTINGS = {
  growth: setting(COUNT, { default: 32, help: 'channels that each dense layer adds' }),
  blocks: setting(WIDTHS, {
    placeholder: '<layers>',
    valid: areBlocks,
    expected: `Expected numbers of layers from 1 to ${MOST_LAYERS} with commas between, such as 6,12,24,16.`,
    default: [...DENSENET121_BLOCKS],
    help: 'dense layers of each block, with commas between them',
  }),
  stem: setting(choice(STEMS), {
    default: 'imagenet',
    help: "the first layers: imagenet, torchvision's, makes images four times smaller; small keeps their size, at 16 times the work",
  }),
} satisfies SettingsTable;

type DenseNetSettings = ValuesOf<typeof SETTINGS>;

/** A DenseNet as a model of a run. */
export const densenetKind = {
  summary: 'DenseNet-121',
  inputs: 'image',
  settings: SETTINGS,
  runDefaults: { optimizer: 'adam', learningRate: 1e-4, batchSize: 32, maxSteps: 5000, evalEvery: 500 },
  build: (settings: DenseNetSettings, { sample: [channels], classes }: ModelSize, rng: Random) =>
    new DenseNet({ ...settings, channels, classes, rng }),
  title: ({ growth, blocks }: DenseNetSettings) =>
    growth === 32 && String(blocks) === String(DENSENET121_BLOCKS) ? 'DenseNet-121' : `DenseNet ${blocks.join(', ')}`,
  describe: ({ growth, blocks, stem }: DenseNetSettings, { sample, classes }: ModelSize) =>
    `${sample.join('×')} → dense blocks of ${blocks.join(', ')} layers → ${classes} (growth ${growth}, ${stem} stem, batch norm, relu)`,
  parameterCount(settings: DenseNetSettings, { sample: [channels, H, W], classes }: ModelSize) {
    const { convolutions, features, last } = plan(settings, [channels, H, W]);
    const weights = convolutions.reduce((total, { weights }) => total + weights, 0);
    return weights + 2 * features.reduce((total, { C }) => total + C, 0) + classes * (last + 1);
  },
  work(settings: DenseNetSettings, { sample: [channels, H, W], classes }: ModelSize) {
    const { convolutions, features, last } = plan(settings, [channels, H, W]);
    const multiplications = convolutions.reduce((total, { weights, pixels }) => total + weights * pixels, 0);
    const units = features.reduce((total, { C, pixels }) => total + C * pixels, 0);
    return { multiplications: multiplications + classes * last, elementwise: 1500 * units };
  },
  smallestSide({ blocks, stem }: DenseNetSettings) {
    const last = 2 ** (blocks.length - 1); // each transition halves the image and rounds down
    return stem === 'small' ? last : 4 * last - 3;
  },
  needsTwoSamples: () => '--model densenet121',
} satisfies ModelKind;

/** The weights and output pixels of each convolution, the channels and pixels of each norm, and the last channels. */
function plan({ growth, blocks, stem }: DenseNetSettings, [channels, H, W]: readonly number[]) {
  const width = 2 * growth;
  const small = stem === 'small';
  const half = ([h, w]: number[]) => [Math.floor((h + 1) / 2), Math.floor((w + 1) / 2)];
  const area = ([h, w]: number[]) => h * w;
  let size = small ? [H, W] : half([H, W]);
  const convolutions = [{ weights: width * channels * (small ? 9 : 49), pixels: area(size) }];
  const features = [{ C: width, pixels: area(size) }];
  if (!small) size = half(size);
  let C = width;
  for (const [b, count] of blocks.entries()) {
    const pixels = area(size);
    for (let l = 0; l < count; l++, C += growth) {
      convolutions.push({ weights: 4 * growth * (C + 9 * growth), pixels });
      features.push({ C: C + 4 * growth, pixels });
    }
    features.push({ C, pixels }); // of the transition, or the last norm
    if (b === blocks.length - 1) break;
    convolutions.push({ weights: C * Math.floor(C / 2), pixels });
    C = Math.floor(C / 2);
    size = size.map((length) => Math.floor(length / 2));
  }
  return { convolutions, features, last: C };
}
