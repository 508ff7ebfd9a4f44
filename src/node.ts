/**
 * The Node half of handgrad, imported as `handgrad/node`: data sets on disk, runs, pictures. What it shares with the
 * core, it exports as well.
 *
 * @module handgrad/node
 */

export type { Augmentation, Image, ImageShape } from './data/augment/augmentation.js';
export { type ImageBlock, ImageSet } from './data/image-set.js';
export type { Batch, SampleSet } from './data/sample-set.js';
export { ArraySet, type ArraySetParts } from './data/array-set.js';
export { arraySource, type BatchSource, centered, flattened, scaled, smoothed } from './data/batch-source.js';
export type { Picture } from './data/picture.js';
export type { NetInputs } from './data/net-inputs.js';
export type { ColumnStatistics } from './data/standardize.js';
export { flip } from './data/augment/flip.js';
export { shift } from './data/augment/shift.js';
export { cutout } from './data/augment/cutout.js';
export { augmented } from './data/augment/augmented.js';
export { mixed } from './data/augment/mixup.js';

export { trainStep } from './training/train-step.js';
export { DivergedError, Trainer } from './training/trainer.js';
export type { StepReport, StepReportOf, TrainerOptions, TrainerState } from './training/trainer-options.js';
export type {
  ClassifierEntry,
  EarlyStop,
  EntryOf,
  History,
  HistoryEntry,
  RegressionEntry,
} from './training/history.js';
export { type Evaluation, evaluate, type StopSignal } from './training/evaluate.js';
export type { ClassifierEvaluation, EvaluationOf, RegressionEvaluation } from './training/evaluate.js';
export { accuracy, confusionMatrix } from './training/metrics.js';
export type { ColumnScore } from './training/scores.js';
export type { RunningSums } from './training/running-mean.js';
export type { SamplerState } from './training/sampler.js';
export { captureRun, type RunParts, type RunState, restoreRun } from './training/run-state.js';
export { inspectLayers, type LayerInspection } from './training/inspect-layers.js';
export { diagnoseNet } from './training/diagnose-net.js';
export { type ClassProbability, type NetData, type Prediction, TrainedNet } from './training/trained-net.js';

export type { OnProgress } from './node/data/progress.js';
export type { FetchOptions } from './node/data/fetch.js';
export type { Cifar10 } from './node/data/cifar10-read.js';
export type { LoadCifar100Options } from './node/data/cifar100.js';
export { loadCifar100, provideCifar100 } from './node/data/cifar100.js';
export type { Cifar10Source } from './node/data/cifar10-fetch.js';
export type { LoadCifar10Options, LoadedCifar10, ProvideCifar10Options } from './node/data/cifar10.js';
export { loadCifar10, provideCifar10 } from './node/data/cifar10.js';
export type { LoadedSet, LoadOptions, WantedTargets } from './node/data/loaded-set.js';
export { loadFashionMnist } from './node/data/fashion-mnist.js';
export type { Mnist } from './node/data/mnist-read.js';
export { loadMnist, provideMnist } from './node/data/mnist.js';
export { cacheFolder } from './node/data/folders.js';
export { decodePicture, readPicture } from './node/data/read-picture.js';

export type { Model } from './models/model.js';
export type { PartialRunConfig, RunConfig } from './node/runs/run-config.js';
export { runConfig } from './node/runs/read-config.js';
export { type TrainRunOptions, trainRun } from './node/runs/train-run.js';
export { type ResumeRunOptions, resumeRun } from './node/runs/resume-run.js';
export { LoadedRun, type LoadRunOptions, loadRun } from './node/runs/load-run.js';
export {
  type FileFailure,
  type FilePrediction,
  type FilePredictions,
  predictFiles,
} from './node/runs/predict-files.js';
export type { PredictedValues, SamplePlace } from './node/runs/predict-file.js';
export type { RunData } from './node/runs/run-data.js';
export type { PredictFilesOptions } from './node/runs/predict-files.js';
export { evaluateRun, type RunEvaluation } from './node/runs/evaluate-run.js';
export type { RunListener, RunResult } from './node/runs/execute-run.js';
export { type Environment, type RunRecord, readRecord } from './node/runs/run-record.js';
export { type Checkpoint, DamagedCheckpointError, decodeCheckpoint, encodeCheckpoint } from './node/runs/checkpoint.js';
export { CheckpointFolder } from './node/runs/checkpoint-folder.js';
export { type CheckpointEvery, Checkpointer } from './node/runs/checkpointer.js';

export { curvesSvg } from './node/plots/curves.js';
export { confusionSvg } from './node/plots/confusion.js';
export { classAccuracySvg } from './node/plots/class-accuracy.js';
export { weightImagesSvg } from './node/plots/weight-images.js';
export { type Sample, samplesSvg } from './node/plots/samples.js';
export { type PredictedClass, type PredictedImage, predictionsSvg } from './node/plots/predictions.js';
export { histogramsSvg, type Spread } from './node/plots/histograms.js';
export { type GradientNorm, type GradientNorms, gradientNormsSvg } from './node/plots/gradient-norms.js';
export { curve, type Line, type LinesOptions, linesSvg } from './node/plots/lines.js';
export { type HeatmapOptions, heatmapSvg } from './node/plots/heatmap.js';
