import type { Random } from '../array/index.js';
import { areWidths, BLOCKS, CONVNET_WIDTHS, ConvNet } from './convnet.js';
import type { ModelKind, ModelSize } from './model.js';
import { type SettingsTable, setting, type ValuesOf, WIDTHS } from './setting.js';

/** The settings of a ConvNet in a run, the course's by default. */
const SETTINGS = {
  widths: setting(WIDTHS, {
    valid: areWidths,
    expected: 'Expected five widths from 1 up, the last two equal, such as 8,16,32,64,64.',
    default: [...CONVNET_WIDTHS],
    help: 'channels of the five stages, with commas between them; the last two are equal',
  }),
} satisfies SettingsTable;

type ConvNetSettings = ValuesOf<typeof SETTINGS>;

/** The course's convolutional net as a model of a run. */
export const convnetKind = {
  summary: "the course's convolutional net",
  inputs: 'image',
  settings: SETTINGS,
  runDefaults: { optimizer: 'adam', learningRate: 1e-4, batchSize: 32, maxSteps: 5000, evalEvery: 500 },
  build({ widths }: ConvNetSettings, { sample: [channels], classes }: ModelSize, rng: Random) {
    return new ConvNet({ channels, classes, widths, rng });
  },
  title: ({ widths }: ConvNetSettings) => (areDefault(widths) ? 'ConvNet' : `ConvNet ${widths.join(', ')}`),
  describe: ({ widths }: ConvNetSettings, { sample, classes }: ModelSize) =>
    `${sample.join('×')} → ${widths.join(' → ')} → ${classes} (convolutions, residual, batch norm, relu)`,
  parameterCount({ widths }: ConvNetSettings, { sample: [channels], classes }: ModelSize) {
    const last = widths[widths.length - 1];
    const stages = widths.map((width, stage) => {
      const blocks = BLOCKS[stage] * (2 * width + convolution(width, width, 9));
      return blocks + (stage < 3 ? convolution(width, widths[stage + 1], 1) : 0);
    });
    return convolution(channels, widths[0], 9) + sum(stages) + 2 * last + classes * (last + 1);
  },
  work({ widths }: ConvNetSettings, { sample: [channels, H, W], classes }: ModelSize) {
    const pixels = widths.map((_, stage) => Math.ceil(H / 2 ** stage) * Math.ceil(W / 2 ** stage));
    const multiplications = widths.map((width, stage) => {
      const next = stage < 3 ? width * widths[stage + 1] : 0;
      return pixels[stage] * (9 * BLOCKS[stage] * width ** 2 + next);
    });
    const units = widths.map((width, stage) => pixels[stage] * width * (3 * BLOCKS[stage] + 2));
    return {
      multiplications: pixels[0] * 9 * channels * widths[0] + sum(multiplications) + classes * widths[4],
      elementwise: 500 * sum(units),
    };
  },
  needsTwoSamples: () => '--model convnet',
} satisfies ModelKind;

/** The parameters of a convolution: kernels of some positions for every pair of channels, and a bias. */
function convolution(inputs: number, outputs: number, positions: number): number {
  return outputs * (inputs * positions + 1);
}

function areDefault(widths: readonly number[]): boolean {
  return String(widths) === String(CONVNET_WIDTHS);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
