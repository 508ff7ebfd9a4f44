import {
  Adam,
  AdamW,
  argmax,
  array,
  inspectLayers,
  type Loss,
  MLP,
  type Module,
  MSELoss,
  type NdArray,
  type Optimizer,
  type Parameter,
  Random,
  SGD,
  Softmax,
  sumOfSquares,
  take,
  trainStep,
} from 'handgrad';
import type { Config } from './config.js';
import { arraysOf, PROBLEMS, samplesOf } from './problems.js';

/** The side of the decision surface, in cells. */
export const SIDE = 64;
/** The surface and the plot of a function cover −REACH to REACH. */
export const REACH = 1.2;

/** What the page draws of a training. */
export interface Report {
  step: number;
  loss: number;
  testLoss: number;
  /** Accuracy on all training and test samples; undefined for a function. */
  accuracy?: number;
  testAccuracy?: number;
  /** The probability of each class at each cell, class by class within a cell; for a function its value at each column. */
  surface: number[];
  /** For each linear layer: the spread of its activations and the length of its weights' gradient. */
  layers: { name: string; spread: number; gradient: number }[];
  /** Why the training ended, in a sentence. */
  problem?: string;
}

const MAKE: Readonly<Record<string, (parameters: Parameter[], learningRate: number) => Optimizer>> = {
  sgd: (parameters, learningRate) => new SGD(parameters, { learningRate }),
  momentum: (parameters, learningRate) => new SGD(parameters, { learningRate, momentum: 0.9 }),
  nesterov: (parameters, learningRate) => new SGD(parameters, { learningRate, momentum: 0.9, nesterov: true }),
  adam: (parameters, learningRate) => new Adam(parameters, { learningRate }),
  adamw: (parameters, learningRate) => new AdamW(parameters, { learningRate }),
};

/** A net and its training, one step at a time. */
export class Session {
  step = 0;
  loss = Number.NaN;
  problem: string | undefined;
  private readonly model: MLP;
  private readonly lossOf: Loss | MSELoss;
  private readonly optimizer: Optimizer;
  private readonly rng: Random;
  private readonly train: { x: NdArray; targets: NdArray };
  private readonly test: { x: NdArray; targets: NdArray };
  private order = new Uint32Array(0);
  private at = 0;

  constructor(readonly config: Config) {
    const { problem, width, depth, seed, optimizer, learningRate } = config;
    const { outputs } = PROBLEMS[problem];
    this.rng = new Random(seed);
    const options = { activation: config.activation, norm: config.norm, init: config.init } as object;
    const shape = { inputs: outputs > 1 ? 2 : 1, hidden: Array.from({ length: depth }, () => width), classes: outputs };
    this.model = new MLP({ ...shape, ...options, logits: true, rng: this.rng });
    this.lossOf = outputs > 1 ? this.model.loss() : new MSELoss();
    this.optimizer = MAKE[optimizer](this.model.parameters(), learningRate);
    this.train = arraysOf(problem, samplesOf(problem, 'train'));
    this.test = arraysOf(problem, samplesOf(problem, 'test'));
  }

  /** One step of training. After a step that fails, `problem` says why, and nothing more happens. */
  advance(): void {
    if (this.problem) return;
    if (this.at >= this.order.length) {
      this.order = Uint32Array.from(this.rng.permutation(this.train.x.shape[0]));
      this.at = 0;
    }
    const batch = this.order.subarray(this.at, this.at + this.config.batchSize);
    this.at += batch.length;
    try {
      const [x, targets] = [take(this.train.x, batch), take(this.train.targets, batch)];
      this.loss = trainStep(this.model, this.lossOf, this.optimizer, x, targets);
      this.step++;
    } catch (cause) {
      this.problem = cause instanceof Error ? cause.message : String(cause);
    }
  }

  /** Where the training is. */
  report(): Report {
    const { step, loss, problem } = this;
    const nothing = { step, loss, testLoss: Number.NaN, surface: [], layers: [] };
    if (problem) return { ...nothing, problem };
    try {
      this.model.eval();
      const [train, test] = [this.evaluated(this.train), this.evaluated(this.test)];
      const surface = this.surface();
      const layers = layersOf(this.model, this.lossOf, this.train);
      const whole = { step, loss: step === 0 ? train.loss : loss, testLoss: test.loss, surface, layers };
      return { ...whole, accuracy: train.accuracy, testAccuracy: test.accuracy };
    } catch (cause) {
      this.problem = cause instanceof Error ? cause.message : String(cause);
      return { ...nothing, problem: this.problem };
    } finally {
      this.model.train();
    }
  }

  private evaluated({ x, targets }: { x: NdArray; targets: NdArray }): { loss: number; accuracy?: number } {
    const out = this.model.forward(x);
    const loss = this.lossOf.forward(out, targets);
    if (out.shape[1] === 1) return { loss };
    const [found, wanted] = [argmax(out, { axis: 1 }), argmax(targets, { axis: 1 })];
    let right = 0;
    for (let n = 0; n < out.shape[0]; n++) if (found.get(n) === wanted.get(n)) right++;
    return { loss, accuracy: right / out.shape[0] };
  }

  private surface(): number[] {
    const center = (i: number) => ((i + 0.5) / SIDE) * 2 * REACH - REACH;
    if (PROBLEMS[this.config.problem].outputs === 1) {
      const columns = Array.from({ length: SIDE }, (_, i) => [center(i)]);
      return flat(this.model.forward(array(columns))); // (SIDE, 1)
    }
    const cells = Array.from({ length: SIDE ** 2 }, (_, i) => [center(i % SIDE), -center(Math.floor(i / SIDE))]);
    return flat(new Softmax().forward(this.model.forward(array(cells)))); // (SIDE², C)
  }
}

function layersOf(model: Module, loss: Loss | MSELoss, batch: { x: NdArray; targets: NdArray }): Report['layers'] {
  const found = inspectLayers(model, loss, batch);
  const linear = found
    .map(({ weightNorm }, i) => (weightNorm === undefined || !/Linear/.test(found[i].name) ? -1 : i))
    .filter((i) => i >= 0);
  return linear.map((i, l) => {
    const last = (linear[l + 1] ?? found.length) - 1; // the activation after this layer
    const { out } = found[last];
    const spread = Math.sqrt(sumOfSquares(out) / (out.shape[0] * out.shape[1]));
    const [, sizes] = /Linear (.*)$/.exec(found[i].name) ?? [];
    return { name: sizes ?? found[i].name, spread, gradient: found[i].weightNorm ?? 0 };
  });
}

function flat(values: NdArray): number[] {
  const [rows, columns] = values.shape;
  return Array.from({ length: rows * columns }, (_, i) => values.get(Math.floor(i / columns), i % columns));
}
