import type { Random } from '../array/index.js';
import type { InitName } from '../layers/init.js';
import type { ModelKind, ModelSize } from './model.js';
import { choice, INIT, type SettingsTable, setting, type ValuesOf, WIDTHS } from './setting.js';
import { areVGGWidths, VGG, VGG_NORMS, VGG_STAGES, VGG_WIDTHS, type VGGDepth } from './vgg.js';

/** The settings of a VGG in a run. */
const SETTINGS = {
  norm: setting(choice(VGG_NORMS), { default: 'none', help: 'batch norm between each convolution and its ReLU' }),
  widths: setting(WIDTHS, {
    valid: areVGGWidths,
    expected: 'Expected five widths from 1 up, such as 8,16,32,64,64.',
    default: [...VGG_WIDTHS],
    help: 'channels of the five stages, with commas between them',
  }),
  init: setting(INIT, {
    default: 'auto',
    help:
      'initial weights: auto is kaiming; normal:STD, with that standard deviation; pytorch, its default, with which the signal shrinks ' +
      'from layer to layer; xavier; or zeros',
  }),
} satisfies SettingsTable;

type VGGSettings = ValuesOf<typeof SETTINGS>;

/** The VGG of some depth as a model of a run. */
export function vggKind(depth: VGGDepth) {
  return {
    summary: `VGG-${depth}, ${depth - 3} convolutions of 3×3`,
    inputs: 'image',
    settings: SETTINGS,
    runDefaults: { optimizer: 'adam', learningRate: 1e-4, batchSize: 128, maxSteps: 3900, evalEvery: 390 },
    build({ norm, widths, init }: VGGSettings, { sample: [channels], classes }: ModelSize, rng: Random) {
      const chosen: InitName = init === 'auto' ? 'kaiming' : init;
      return new VGG({ depth, channels, classes, norm, widths, init: chosen, rng });
    },
    title: ({ norm }: VGGSettings) => `VGG-${depth}${norm === 'batch' ? ' with batch norm' : ''}`,
    describe: ({ norm, widths }: VGGSettings, { sample, classes }: ModelSize) =>
      `${sample.join('×')} → ${widths.map((width, i) => `${VGG_STAGES[depth][i]}×${width}`).join(' → ')} → ${classes} ` +
      `(convolutions, ${norm === 'batch' ? 'batch norm, ' : ''}relu)`,
    parameterCount({ norm, widths }: VGGSettings, { sample: [channels], classes }: ModelSize) {
      const each = convolutionsOf(depth, widths, channels);
      const own = norm === 'batch' ? 3 : 1; // a bias, and the scale and shift of a norm
      const weights = each.map(({ inputs, outputs }) => outputs * (9 * inputs + own));
      return weights.reduce((total, count) => total + count, classes * (widths[4] + 1));
    },
    work({ norm, widths }: VGGSettings, { sample: [channels, H, W], classes }: ModelSize) {
      let [multiplications, units] = [classes * widths[4], 0];
      for (const { inputs, outputs, stage } of convolutionsOf(depth, widths, channels)) {
        const pixels = Math.floor(H / 2 ** stage) * Math.floor(W / 2 ** stage);
        multiplications += 9 * pixels * inputs * outputs;
        units += pixels * outputs;
      }
      return { multiplications, elementwise: (norm === 'batch' ? 1500 : 500) * units };
    },
    smallestSide: () => 32,
    needsTwoSamples: ({ norm }: VGGSettings) => (norm === 'batch' ? '--norm batch' : undefined),
  } satisfies ModelKind;
}

/** The channels that each convolution reads and writes, and its stage. */
function convolutionsOf(depth: VGGDepth, widths: readonly number[], channels: number) {
  return widths.flatMap((outputs, stage) =>
    Array.from({ length: VGG_STAGES[depth][stage] }, (_, i) => ({
      inputs: i > 0 ? outputs : (widths[stage - 1] ?? channels),
      outputs,
      stage,
    })),
  );
}
