import {
  abs,
  asArray,
  assertArray,
  assertList,
  assertMethods,
  assertNoMoreOptions,
  assertShape,
  checkedOptions,
  concatenate,
  DtypeError,
  InputError,
  messageOf,
  type NdArray,
  NonFiniteError,
  Random,
  reshape,
  type Shape,
  slice,
  sum,
} from '../array/index.js';
import { assertInputsFit, inputsOf, type NetInputs, targetValues } from '../data/net-inputs.js';
import { fitPicture, type Picture } from '../data/picture.js';
import type { StateDict } from '../layers/module.js';
import type { Model, ModelSize } from '../models/model.js';
import { type ModelConfig, modelKind } from '../models/model-table.js';
import { readModelConfig } from '../models/read-settings.js';
import { isCount } from '../models/setting.js';

/** What a net tells apart, and what it takes: the entry `data` of a run's `config.json`. */
export interface NetData {
  /** The name of the data set in sentences. */
  title: string;
  /** The shape of a sample: (C, H, W) for images. */
  sample: Shape;
  /** The names of the classes, by label. Empty for a net that predicts numbers. */
  classes: readonly string[];
  /** The names of the numbers that the net predicts. Absent for a net that tells classes apart. */
  targets?: readonly string[];
  /** The names of the features, if they have names. */
  features?: readonly string[];
}

/** What a net goes between. */
export function netSize({ sample, classes, targets = [] }: Omit<NetData, 'title'>): ModelSize {
  return targets.length > 0
    ? { sample, classes: targets.length, regression: true }
    : { sample, classes: classes.length };
}

/** Whether a value is the entry `data` of a `config.json`. */
export function isNetData(value: unknown): value is NetData {
  if (typeof value !== 'object' || value === null) return false;
  const { title, sample, classes, targets = [], features = [] } = value as Partial<Record<keyof NetData, unknown>>;
  const isText = (name: unknown) => typeof name === 'string';
  const isShape = Array.isArray(sample) && sample.length > 0 && sample.every(isCount);
  const areNames = [classes, targets, features].every((names) => Array.isArray(names) && names.every(isText));
  if (!isText(title) || !isShape || !areNames) return false;
  const [outputs, inputs] = [[classes, targets].flat(), [features].flat()];
  return outputs.length > 0 && (inputs.length === 0 || inputs.length === sample[0]);
}

/** A class and its probability. */
export interface ClassProbability {
  /** The position of the class in the net's `classes`. */
  label: number;
  /** The name of the class. */
  name: string;
  /** From 0 to 1. */
  probability: number;
}

/** What a net says of one sample: the most probable class, and all others. */
export interface Prediction extends ClassProbability {
  /** The most probable classes, in descending order. */
  top: ClassProbability[];
  /** The probability of each class, by label. They add up to 1. */
  probabilities: number[];
}

/** Everything that `TrainedNet` is made of. */
export interface TrainedNetParts extends NetData {
  /** The settings of the net. */
  model: ModelConfig;
  /** Its weights, and the other arrays of its state. */
  state: StateDict;
  /** What is done to a sample before it goes into the net. */
  inputs: NetInputs;
}

/** What the parts of a net are called in an error message. */
export interface TrainedNetNames {
  config: string;
  model: string;
  inputs: string;
}

const NAMES: TrainedNetNames = { config: 'config.json', model: 'model.npz', inputs: 'inputs.npz' };
/** The number of rows, or of images, that a prediction sends through the net at once. */
const ROWS = 256;
const IMAGES = 32;

/**
 * A net with its trained weights, and everything that it takes to use it without the data set that it was trained on:
 * the names of its classes, the shape of a sample, and what is subtracted from one.
 */
export class TrainedNet {
  /** The net, with its trained weights. */
  readonly model: Model;
  /** The name of the data set that it was trained on. */
  readonly title: string;
  /** The names of the classes, by label. Empty for a net that predicts numbers. */
  readonly classes: readonly string[];
  /** The names of the numbers that it predicts. Empty for a net that tells classes apart. */
  readonly targets: readonly string[];
  /** The names of the features, if they have names. */
  readonly features?: readonly string[];
  /** The shape of a sample: (C, H, W) for images. */
  readonly sample: Shape;
  /** What is done to a sample before it goes into the net. */
  readonly inputs: NetInputs;
  private readonly isFlat: boolean;

  /**
   * Builds the net and checks that all parts fit each other.
   *
   * @param names what the parts are called in an error message
   * @throws InputError for weights or a mean that do not fit the net, or that are not finite
   * @hidden
   */
  constructor(parts: TrainedNetParts, names = NAMES) {
    const {
      model,
      state,
      inputs,
      title,
      sample,
      classes,
      targets = [],
      features,
    } = checkedOptions('TrainedNet', parts);
    if (!isNetData(parts)) throw new DtypeError('TrainedNet: expected title, sample and classes as a run has them');
    for (const [name, part] of Object.entries({ model, state, inputs }))
      assertMethods('TrainedNet', name, part, [], 'an object');
    for (const [name, value] of Object.entries(state)) assertArray('TrainedNet', `state['${name}']`, value);
    assertArray('TrainedNet', 'inputs.mean', inputs.mean);
    readModelConfig(model, 'TrainedNet: the model');
    assertInputsFit(inputs, parts, names.inputs);
    const kind = modelKind(model);
    const size = netSize(parts);
    const { name, ...settings } = model;
    const numbers = Object.values(state).reduce((total, { size }) => total + size, 0);
    const expected = kind.parameterCount(settings, size);
    // Before the net is built: a damaged config.json may describe one that does not fit into memory.
    if (numbers < expected) {
      throw new InputError(
        `${names.model} does not fit ${names.config} beside it: it has ${numbers.toLocaleString('en-US')} numbers, and the net has ${expected.toLocaleString('en-US')} parameters`,
      );
    }
    for (const [array, value] of Object.entries(state)) {
      if (Number.isFinite(sum(abs(value)))) continue;
      throw new InputError(`${names.model} holds numbers that are not finite, in ${array}`);
    }
    this.model = kind.build(settings, size, new Random(name));
    try {
      this.model.loadStateDict(state);
    } catch (cause) {
      throw new InputError(`${names.model} does not fit ${names.config} beside it: ${messageOf(cause)}`, { cause });
    }
    this.isFlat = kind.inputs === 'flat';
    this.title = title;
    this.classes = classes;
    this.targets = targets;
    this.features = features;
    this.sample = sample;
    this.inputs = inputs;
  }

  /**
   * The class probabilities of samples, (N, C) float32.
   *
   * @param x (N, …) in the shape of the samples: (N, C, H, W) for images, on the scale of 0 to 255
   * @throws ShapeError for another shape, NonFiniteError for a number that is not finite
   */
  probabilities(x: NdArray): NdArray {
    this.assertTask('probabilities', 'classes');
    return this.model.probabilities(this.outputs('probabilities', x)); // (N, C)
  }

  /**
   * The numbers that a net of a regression predicts, (N, M) float64, in the units of the targets that it was trained on.
   *
   * @param images (N, …) in the shape of the samples, on the scale of the data; or pictures, as in `predict`
   * @throws InputError for a net that tells classes apart, ShapeError for another shape, NonFiniteError for a number that
   * is not finite
   */
  values(images: NdArray | Picture | readonly Picture[]): NdArray {
    this.assertTask('values', 'numbers');
    const x = this.asSamples(images);
    assertShape('TrainedNet.values', 'images', x, ['N', ...this.sample]);
    const atOnce = this.isFlat ? ROWS : IMAGES;
    const starts = Array.from({ length: Math.ceil(x.shape[0] / atOnce) }, (_, k) => k * atOnce);
    const parts = starts.map((start) =>
      this.outputs('values', slice(x, [start, Math.min(start + atOnce, x.shape[0])])),
    );
    return targetValues(concatenate(parts), this.inputs); // (N, M)
  }

  /** The outputs of the net, (N, C). */
  private outputs(method: string, x: NdArray): NdArray {
    assertShape(`TrainedNet.${method}`, 'x', x, ['N', ...this.sample]);
    if (!Number.isFinite(sum(abs(x))))
      throw new NonFiniteError(`TrainedNet.${method}: x has numbers that are not finite`);
    this.model.eval();
    const inputs = inputsOf(x, this.inputs); // (N, …)
    return this.model.forward(this.isFlat ? reshape(inputs, [x.shape[0], -1]) : inputs); // (N, C)
  }

  private assertTask(method: string, wanted: 'classes' | 'numbers'): void {
    const own = this.targets.length > 0 ? 'numbers' : 'classes';
    if (own === wanted) return;
    const other = own === 'numbers' ? 'values' : 'predict';
    throw new InputError(`TrainedNet.${method}: this net predicts ${own}: call ${other}`);
  }

  /**
   * Classifies samples or pictures.
   *
   * @param images (N, …) in the shape of the samples and on their scale, 0 to 255 for images; or a picture, or a list
   * of pictures of any size, which are resized and made gray or color as the net takes them
   * @param options.topK the number of classes in `top`. Default: 3.
   * @returns one prediction per sample, in their order
   * @throws ShapeError for an array of another shape, NonFiniteError for a number that is not finite, InputError for
   * pictures if the net does not take images, RangeError unless `topK` is a whole number from 1 up
   */
  predict(images: NdArray | Picture | readonly Picture[], options: { topK?: number } = {}): Prediction[] {
    const { topK = 3, ...rest } = checkedOptions('TrainedNet.predict', options);
    assertNoMoreOptions('TrainedNet.predict', rest);
    if (!Number.isInteger(topK) || topK < 1) {
      throw new RangeError(`TrainedNet.predict: expected topK to be a whole number from 1 up, got ${topK}`);
    }
    this.assertTask('predict', 'classes');
    if (Array.isArray(images) && images.length === 0) return [];
    const x = this.asSamples(images);
    assertShape('TrainedNet.predict', 'images', x, ['N', ...this.sample]);
    const predictions: Prediction[] = [];
    const atOnce = this.isFlat ? ROWS : IMAGES;
    for (let start = 0; start < x.shape[0]; start += atOnce) {
      const probs = this.probabilities(slice(x, [start, Math.min(start + atOnce, x.shape[0])])); // (n, C)
      for (let n = 0; n < probs.shape[0]; n++) {
        predictions.push(
          this.predictionOf(
            Array.from(this.classes, (_, label) => probs.get(n, label)),
            topK,
          ),
        );
      }
    }
    return predictions;
  }

  private predictionOf(probabilities: number[], topK: number): Prediction {
    const all = probabilities.map((probability, label) => ({ label, name: this.classes[label], probability }));
    const top = all.sort((a, b) => b.probability - a.probability).slice(0, topK);
    return { ...top[0], top, probabilities };
  }

  private asSamples(images: NdArray | Picture | readonly Picture[]): NdArray {
    assertMethods('TrainedNet', 'images', images, [], 'an array, a picture or a list of pictures');
    if ('shape' in images) return images;
    const pictures = 'bytes' in images ? [images] : images;
    assertList('TrainedNet', 'images', pictures, '[await readPicture(path)]');
    if (this.sample.length !== 3) throw new InputError('TrainedNet: this net does not take pictures');
    const [channels, height, width] = this.sample;
    const size = channels * height * width;
    const pixels = new Float32Array(pictures.length * size);
    for (const [n, picture] of pictures.entries()) {
      pixels.set(fitPicture(picture, { channels, height, width }).bytes, n * size);
    }
    return asArray(pixels, [pictures.length, channels, height, width]); // (N, C, H, W)
  }
}
