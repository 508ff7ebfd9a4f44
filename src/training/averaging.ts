import { assign, copy, type NdArray } from '../array/index.js';
import type { BatchSource } from '../data/batch-source.js';
import { BatchNorm1d } from '../layers/batch-norm.js';
import type { Layer } from '../layers/layer.js';
import type { Module, StateDict } from '../layers/module.js';
import { Residual } from '../layers/residual.js';
import { Sequential } from '../layers/sequential.js';
import type { WeightAverage } from '../optim/weight-average.js';
import { breathe } from './yield-to-event-loop.js';

/** Images from which the statistics of batch norms are taken, and how many at a time. */
const IMAGES = 10_000;
const BATCH = 500;

/** Tests a net with the average of its weights, and leaves training as it was. */
export class AveragedTests {
  /** The net as it was last tested: its averaged weights, and the statistics that go with them. */
  tested: StateDict | undefined;

  /** @param images to take the statistics of batch norms from, as the net is given them when it is used */
  constructor(
    private readonly model: Module,
    private readonly average: WeightAverage,
    private readonly images: BatchSource,
  ) {}

  /** What `test` finds while the average stands in the place of the weights. */
  async during<T>(test: () => Promise<T>): Promise<T> {
    const buffers = buffersOf(this.model).map((array): [NdArray, NdArray] => [array, copy(array)]);
    this.average.exchange();
    try {
      await takeStatistics(this.model, this.images);
      const result = await test();
      this.tested = this.model.stateDict();
      return result;
    } finally {
      this.average.exchange();
      for (const [array, before] of buffers) assign(array, before);
    }
  }
}

/**
 * Sets the running statistics of every batch norm in a net to the means of those of up to 10,000 images, with all else as it
 * is in use: dropout off. Puts the net into training mode.
 */
export async function takeStatistics(model: Module, images: BatchSource): Promise<void> {
  const norms = [...layersIn(model)].filter((layer) => layer instanceof BatchNorm1d);
  const count = norms.length > 0 ? Math.floor(Math.min(images.count, IMAGES) / BATCH) : 0;
  const momenta = norms.map(({ momentum }) => momentum);
  model.eval();
  for (const norm of norms) norm.train();
  for (let k = 0; k < count; k++) {
    // The mean so far and the k-th after it, in shares of k/(k + 1) and 1/(k + 1), make the mean of all.
    for (const norm of norms) norm.momentum = 1 / (k + 1);
    model.forward(images.batch(Array.from({ length: BATCH }, (_, i) => k * BATCH + i)).x);
    await breathe();
  }
  norms.forEach((norm, i) => {
    norm.momentum = momenta[i];
  });
  model.train();
}

/** A layer and all that it is made of. */
function* layersIn(layer: Layer): Generator<Layer> {
  yield layer;
  const inner = layer instanceof Sequential ? layer.layers : layer instanceof Residual ? [layer.inner] : [];
  for (const part of inner) yield* layersIn(part);
}

/** The live arrays of a net that are no parameters. */
function buffersOf(model: Module): NdArray[] {
  const parameters = new Set(model.parameters().map(({ value }) => value));
  return model.namedArrays().flatMap(([, array]) => (parameters.has(array) ? [] : array));
}
