/**
 * The Node half of handgrad, imported as `handgrad/node`: data sets, training runs, pictures.
 *
 * @module handgrad/node
 */

export { type Batch, type ImageBlock, ImageSet } from './data/image-set.js';
export { arraySource, type BatchSource, centred, scaled, smoothed } from './data/source.js';
export type { Augmentation, Image, ImageShape } from './data/augment/augmentation.js';
export { flip } from './data/augment/flip.js';
export { shift } from './data/augment/shift.js';
export { cutout } from './data/augment/cutout.js';
export { augmented } from './data/augment/augmented.js';
export { mixed } from './data/augment/mixup.js';
export type { OnProgress } from './data/progress.js';
export type { FetchOptions } from './data/fetch.js';
export type { Cifar10 } from './data/cifar10-read.js';
export type { Cifar10Source } from './data/cifar10-fetch.js';
export type { LoadCifar10Options, LoadedCifar10, ProvideCifar10Options } from './data/cifar10.js';
export { loadCifar10, provideCifar10 } from './data/cifar10.js';
export type { LoadedSet, LoadOptions } from './data/loaded-set.js';
export type { Mnist } from './data/mnist-read.js';
export { loadMnist, provideMnist } from './data/mnist.js';
export { cacheFolder } from './data/folders.js';

export { accuracy, confusionMatrix } from './training/metrics.js';
export { trainStep } from './training/train-step.js';
export { type Evaluation, evaluate } from './training/evaluate.js';
export type { EarlyStop, History, HistoryEntry } from './training/history.js';
export type { RunningSums } from './training/running-mean.js';
export type { SamplerState } from './training/sampler.js';
export type { StepReport, TrainerOptions, TrainerState } from './training/trainer-options.js';
export { DivergedError, Trainer } from './training/trainer.js';
export { captureRun, type RunParts, type RunState, restoreRun } from './training/run-state.js';
export { type Checkpoint, DamagedCheckpointError, decodeCheckpoint, encodeCheckpoint } from './training/checkpoint.js';
export { CheckpointFolder } from './training/checkpoint-folder.js';
export { type CheckpointEvery, Checkpointer } from './training/checkpointer.js';

export { type LayerLook, lookInside } from './training/look-inside.js';

export { curvesSvg } from './plots/curves.js';
export { confusionSvg } from './plots/confusion.js';
export { classAccuracySvg } from './plots/class-accuracy.js';
export { weightImagesSvg } from './plots/weight-images.js';
export { type Sample, samplesSvg } from './plots/samples.js';
export { histogramsSvg, type Spread } from './plots/histograms.js';
export { type GradientNorm, type GradientNorms, gradientNormsSvg } from './plots/gradient-norms.js';
export { curve, type Line, type LinesOptions, linesSvg } from './plots/lines.js';
export { type HeatmapOptions, heatmapSvg } from './plots/heatmap.js';
