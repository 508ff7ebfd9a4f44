/**
 * **handgrad**: neural networks with every gradient written out by hand. This module is the universal core, which
 * runs in Node and in a browser. Data sets on disk, runs and pictures are in `handgrad/node`.
 *
 * In reading order: arrays, layers, losses, optimizers, models, data, training, gradient checks.
 *
 * @module handgrad
 */

export type { Dtype, FloatData, IndexArray, NdArray, Nested, Shape } from './array/index.js';
// Creating arrays, and converting them to nested lists and to text.
export { type ArrayLikeInput, array, asArray, astype, copy, full, oneHot, ones } from './array/index.js';
export { type FormatOptions, format, toNested, zeros, zerosLike } from './array/index.js';
// Broadcasting.
export { broadcastShapes, broadcastTo } from './array/index.js';
// Element by element.
export { add, divide, maximum, minimum, multiply, type Operand, power, subtract } from './array/index.js';
export { abs, exp, expm1, log, log1p, negative, sign, sqrt, square, tanh } from './array/index.js';
export { addInPlace, addProductInPlace, assign, multiplyInPlace, scaleInPlace } from './array/index.js';
export { scaleShift, subtractInPlace } from './array/index.js';
export { type BinaryFunction, type KnownFunction, map, mapRows, type RowFunction } from './array/index.js';
export { type UnaryFunction, zipWith } from './array/index.js';
export { type ElementUpdate, type FusedUpdate, updateInPlace } from './array/index.js';
// Along an axis.
export { argmax, max, mean, min, type ReduceOptions, sum, sumOfSquares } from './array/index.js';
export { meanOfProducts, sumOfProducts } from './array/index.js';
// The matrix product, convolution and pooling, and the engine that computes them.
export { addMatmulInPlace, matmul } from './array/index.js';
export { conv2d, conv2dInputGradient, conv2dWeightGradient, fold, unfold } from './array/index.js';
export { avgPool2d, avgPool2dGradient, type Maxima, maxPool2d, maxPool2dGradient } from './array/index.js';
export type { Pair, Pooling, WindowOptions, Windows } from './array/index.js';
export { type BackendName, type BackendOptions, type EngineName, setBackend } from './array/index.js';
export { backend, backendDescription, threads } from './array/index.js';
// Other shapes and selections of the same elements.
export { at, concatenate, reshape, setAt, slice, take, transpose } from './array/index.js';
// Random numbers from a seed.
export { type Arc4State, Random, type RandomState } from './array/index.js';
export type { BernoulliOptions, NormalOptions, UniformOptions } from './array/index.js';
// The bytes of NumPy files.
export { decodeNpy, decodeNpz, encodeNpy, encodeNpz, listNpz, type NpzEntry } from './array/index.js';
export { DtypeError, InputError, NonFiniteError, NotImplementedError, ShapeError } from './array/index.js';

export type { Layer } from './layers/layer.js';
export { Parameter } from './layers/parameter.js';
export { Module, namedArraysOf, namedParametersOf, type StateDict, walkLayers } from './layers/module.js';
export { Linear, type LinearOptions } from './layers/linear.js';
export { type Init, type InitFunction, type InitName, initialBias, initializer } from './layers/init.js';
export { ELU, type ELUOptions } from './layers/elu.js';
export { GELU } from './layers/gelu.js';
export { ReLU } from './layers/relu.js';
export { Tanh } from './layers/tanh.js';
export { Softmax } from './layers/softmax.js';
export { LayerNorm, type LayerNormOptions } from './layers/layer-norm.js';
export { BatchNorm1d, type BatchNorm1dOptions } from './layers/batch-norm.js';
export { BatchNorm2d } from './layers/batch-norm2d.js';
export { GroupNorm, type GroupNormOptions } from './layers/group-norm.js';
export { InstanceNorm, type InstanceNormOptions } from './layers/instance-norm.js';
export { Dropout, type DropoutOptions } from './layers/dropout.js';
export { Conv2d, type Conv2dOptions } from './layers/conv2d.js';
export { MaxPool2d } from './layers/max-pool2d.js';
export { AvgPool2d } from './layers/avg-pool2d.js';
export { GlobalAvgPool2d } from './layers/global-avg-pool2d.js';
export { Flatten } from './layers/flatten.js';
export { Concat } from './layers/concat.js';
export { Residual } from './layers/residual.js';
export { Sequential } from './layers/sequential.js';

export type { Loss, RegressionLoss, LearningTask } from './losses/loss.js';
export { CrossEntropy } from './losses/cross-entropy.js';
export { MSELoss } from './losses/mse-loss.js';
export { SoftmaxCrossEntropy } from './losses/softmax-cross-entropy.js';
export { smoothLabels } from './losses/label-smoothing.js';

export { Optimizer, type OptimizerOptions, type OptimizerState } from './optim/optimizer.js';
export { SGD, type SGDOptions } from './optim/sgd.js';
export { Adam, type AdamOptions } from './optim/adam.js';
export { AdamW } from './optim/adamw.js';
export { WeightAverage, type WeightAverageOptions } from './optim/weight-average.js';
export { clipGradNorm } from './optim/clip-grad-norm.js';
export { constantSchedule, cosineSchedule, type Schedule, stepSchedule, withWarmUp } from './optim/schedules.js';

export { type AutoInitOptions, autoInit } from './models/auto-init.js';
export { MLP, type MLPOptions } from './models/mlp.js';
export { ConvNet, type ConvNetOptions } from './models/convnet.js';
export { NamedLayers } from './models/named-layers.js';
export { VGG, type VGGDepth, type VGGOptions } from './models/vgg.js';
export { DenseNet, type DenseNetOptions } from './models/densenet.js';

export type { Augmentation, Image, ImageShape } from './data/augment/augmentation.js';
export { type ImageBlock, ImageSet } from './data/image-set.js';
export type { Batch, SampleSet } from './data/sample-set.js';
export { ArraySet, type ArraySetParts } from './data/array-set.js';
export { arraySource, type BatchSource, centered, flattened, scaled, smoothed } from './data/batch-source.js';
export type { NetInputs } from './data/net-inputs.js';
export type { ColumnStatistics } from './data/standardize.js';
export { fitPicture, type Picture, resizePicture, withChannels } from './data/picture.js';
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
export { decodeRun, type RunFiles } from './training/decode-run.js';
export { type ClassProbability, type NetData, type Prediction, TrainedNet } from './training/trained-net.js';

export * from './gradcheck/index.js';
