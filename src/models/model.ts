import type { NdArray, Random, Shape } from '../array/index.js';
import type { Module } from '../layers/module.js';
import type { Loss } from '../losses/loss.js';
import type { SettingsTable } from './setting.js';

/** A net that a run can train. */
export interface Model extends Module {
  /** Draws the weights and then the masks of dropout. A run saves its state in order to resume. */
  readonly rng: Random;
  /** A new loss of the kind that fits the outputs of this net. */
  loss(): Loss;
  /** The class probabilities, (N, C), in the outputs of this net. */
  probabilities(outputs: NdArray): NdArray;
}

/** What a net goes between: the data decide it. */
export interface ModelSize {
  /** The shape of one sample: (C, H, W) for images, (D,) for features. */
  sample: Shape;
  /** The number of outputs: of classes, or of numbers to predict. */
  classes: number;
  /** Whether the outputs are numbers, so that the net ends at a linear layer. Default: false. */
  regression?: boolean;
  /** Whether the inputs are of the order of 1, where that is known. */
  unitInputs?: boolean;
}

/**
 * A kind of model: its settings and everything that a run needs to know about it. Nothing above `models/` asks which
 * model it has. The methods take the values of the kind's own `settings`.
 */
export interface ModelKind {
  /** One line for the help text. */
  summary: string;
  /** Whether a batch goes in as (N, D) or in the shape of its samples, (N, C, H, W). */
  inputs: 'flat' | 'image';
  settings: SettingsTable;
  /** The defaults of a run of this model, by the names of its settings, where they are not those of every run. */
  runDefaults?: Readonly<Record<string, unknown>>;
  /** A new net. */
  build(settings: object, size: ModelSize, rng: Random): Model;
  /** A few words for a title, such as `MLP 512, 128`. */
  title(settings: object): string;
  /** One line that says what the net is, such as `3072 → 100 → 10 (elu)`. */
  describe(settings: object, size: ModelSize): string;
  /** The number of parameters in its weights and biases, known before it is built. */
  parameterCount(settings: object, size: ModelSize): number;
  /** About how much work one forward is per sample, in comparison with other nets. */
  work(settings: object, size: ModelSize): ModelWork;
  /** The shortest side of an image that it can take, in pixels. Default: 1. */
  smallestSide?(settings: object): number;
  /** The flag because of which every batch needs two samples or more. Default: none. */
  needsTwoSamples?(settings: object): string | undefined;
}

/** Work in operations of a fast matrix product. */
export interface ModelWork {
  /** The multiplications of all products. */
  multiplications: number;
  /** How many multiplications take as long as everything that is not a product. */
  elementwise: number;
}
