import { assign, copy } from '../array/index.js';
import type { BatchSource } from '../data/batch-source.js';
import type { Layer } from '../layers/layer.js';
import { Module, type StateDict, walkLayers } from '../layers/module.js';
import type { WeightAverage } from '../optim/weight-average.js';
import { samplesAtOnce } from './samples-at-once.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** The number of samples from which running statistics are computed, and how many rows at a time. */
const IMAGES = 10_000;
const BATCH = 500;

/** Evaluates a net with the average of its weights, and leaves training as it was. */
export class AveragedEvaluation {
  /** The net as it was last evaluated: its averaged weights and the running statistics that belong to them. */
  evaluated: StateDict | undefined;

  /** @param images the running statistics are computed from these, preprocessed as in evaluation */
  constructor(
    private readonly model: Module,
    private readonly average: WeightAverage,
    private readonly images: BatchSource,
  ) {}

  /** What `evaluate` returns while the average takes the place of the weights. */
  async during<T>(evaluate: () => Promise<T>): Promise<T> {
    const buffers = this.model.namedBuffers().map(([, array]) => ({ array, before: copy(array) }));
    this.average.exchange();
    try {
      await computeRunningStatistics(this.model, this.images);
      const result = await evaluate();
      this.evaluated = this.model.stateDict();
      return result;
    } finally {
      this.average.exchange();
      for (const { array, before } of buffers) assign(array, before);
    }
  }
}

/** A layer with running statistics, such as a batch norm. */
type RunningLayer = Module & { momentum: number };

/**
 * Sets all running statistics in a net to their means over up to 10,000 images, with everything else in evaluation
 * mode, such as dropout. The net ends in training mode.
 */
export async function computeRunningStatistics(model: Module, images: BatchSource): Promise<void> {
  const norms = [...walkLayers(model)].map(([, layer]) => layer).filter(hasRunningStatistics);
  const atOnce = samplesAtOnce(images, BATCH);
  const count = norms.length > 0 ? Math.floor(Math.min(images.count, IMAGES) / atOnce) : 0;
  const momenta = norms.map(({ momentum }) => momentum);
  model.eval();
  for (const norm of norms) norm.train();
  for (let k = 0; k < count; k++) {
    // The mean so far, with weight k/(k + 1), and batch k, with weight 1/(k + 1), give the mean of all.
    for (const norm of norms) norm.momentum = 1 / (k + 1);
    model.forward(images.batch(Array.from({ length: atOnce }, (_, i) => k * atOnce + i)).x);
    await yieldToEventLoop();
  }
  norms.forEach((norm, i) => {
    norm.momentum = momenta[i];
  });
  model.train();
}

function hasRunningStatistics(layer: Layer): layer is RunningLayer {
  return layer instanceof Module && layer.buffers().length > 0 && 'momentum' in layer;
}
