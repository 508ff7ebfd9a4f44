import type { Random, Shape } from '../array/index.js';
import { autoInit } from './auto-init.js';
import { ACTIVATIONS, MLP, NORM_POSITIONS, NORMS } from './mlp.js';
import type { ModelKind, ModelSize } from './model.js';
import { choice, INIT, type SettingsTable, SHARE, SWITCH, setting, type ValuesOf, WIDTHS } from './setting.js';

/** The settings of an MLP in a run, the course's by default. */
const SETTINGS = {
  hidden: setting(WIDTHS, {
    default: [100],
    help: 'widths of the hidden layers, with commas between them; none for a linear net, which wants a learning rate of 1e-6 on pixels from 0 to 255',
  }),
  activation: setting(choice(Object.keys(ACTIVATIONS) as (keyof typeof ACTIVATIONS)[]), {
    default: 'elu',
    help: 'the activation',
  }),
  norm: setting(choice(Object.keys(NORMS) as (keyof typeof NORMS)[]), {
    default: 'none',
    help: 'normalization over each sample (layer), over the batch, or over groups of features',
  }),
  normPosition: setting(choice(NORM_POSITIONS, '<where>'), {
    default: 'before-activation',
    implied: 'before-activation',
    help: 'before each activation, or before each linear layer, first and last included',
  }),
  residual: setting(SWITCH, {
    default: false,
    implied: false,
    help: 'add its input to the output of every hidden layer that is as wide as its input',
  }),
  dropout: setting(SHARE, {
    placeholder: '<p>',
    expected: 'Expected a probability from 0 up and below 1, such as 0.1.',
    default: 0,
    implied: 0,
    help: 'probability with which outputs of an activation are dropped in training',
  }),
  logits: setting(SWITCH, {
    default: false,
    implied: false,
    help: 'end at the last linear layer and fuse softmax and loss; for long runs and high learning rates, whose probabilities may underflow',
  }),
  init: setting(INIT, {
    default: 'auto',
    help:
      "initial weights: auto is normal:1e-4, the course's, for one hidden layer or with a norm, and pytorch or xavier for " +
      'more layers or symmetric pixels; normal:STD, with that standard deviation; pytorch, its default; xavier; kaiming; ' +
      'or zeros, with which hidden layers never learn',
  }),
} satisfies SettingsTable;

type MLPSettings = ValuesOf<typeof SETTINGS>;

/** The MLP as a model of a run. */
export const mlpKind = {
  summary: 'multi-layer perceptron',
  inputs: 'flat',
  settings: SETTINGS,
  build(settings: MLPSettings, { sample, classes, unitInputs, regression }: ModelSize, rng: Random) {
    const inputs = inputsOf(sample);
    const { init, norm, ...others } = settings;
    const auto = () => autoInit({ inputs, normalized: norm !== 'none', unitInputs, ...others });
    const logits = regression || settings.logits;
    return new MLP({ inputs, classes, ...settings, logits, init: init === 'auto' ? auto() : init, rng });
  },
  title: ({ hidden }: MLPSettings) => (hidden.length > 0 ? `MLP ${hidden.join(', ')}` : 'linear net'),
  describe(settings: MLPSettings, size: ModelSize) {
    const { activation, norm, normPosition, residual, dropout } = settings;
    const parts = [
      activation,
      norm !== 'none' && `${norm} norm ${normPosition.replace('-', ' ')}`,
      residual && 'residual',
      dropout > 0 && `dropout ${dropout}`,
    ];
    return `${widthsOf(settings, size).join(' → ')} (${parts.filter(Boolean).join(', ')})`;
  },
  parameterCount: (settings: MLPSettings, size: ModelSize) =>
    linearShapes(widthsOf(settings, size)).reduce((total, [D, M]) => total + M * (D + 1), 0),
  work(settings: MLPSettings, size: ModelSize) {
    const widths = widthsOf(settings, size);
    const units = widths.reduce((total, width) => total + width, 0);
    const multiplications = linearShapes(widths).reduce((total, [D, M]) => total + M * D, 0);
    return { multiplications, elementwise: (settings.norm === 'none' ? 500 : 1500) * units };
  },
  needsTwoSamples: ({ norm }: MLPSettings) => (norm === 'batch' ? '--norm batch' : undefined),
} satisfies ModelKind;

function inputsOf(sample: Shape): number {
  return sample.reduce((product, length) => product * length, 1);
}

function widthsOf({ hidden }: MLPSettings, { sample, classes }: ModelSize): number[] {
  return [inputsOf(sample), ...hidden, classes];
}

/** The inputs and outputs of each linear layer between some widths. */
function linearShapes(widths: readonly number[]): [inputs: number, outputs: number][] {
  return widths.slice(1).map((width, i) => [widths[i], width]);
}
