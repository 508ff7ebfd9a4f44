import * as api from '../../src/index.js';
import { type CallTable, optionsOf } from './call-table.js';

const { array, Random } = api;
const x = array([
  [1, 2, 3],
  [4, 5, 7],
]);
const targets = array([
  [1, 0, 0],
  [0, 1, 0],
]);
const images = new Random(1).normal([2, 3, 4, 5]);
const exact = api.astype(x, 'float64');
const net = () => new api.MLP({ inputs: 3, hidden: [4], classes: 3, logits: true });
const loss = () => new api.SoftmaxCrossEntropy();
const sgd = (model: api.Module = net()) => new api.SGD(model.parameters(), { learningRate: 0.1 });
const source = api.arraySource(x, targets);
const batch = { x, targets };
const rng = () => new Random(1);

const block = { bytes: new Uint8Array(2 * 12), first: 0, stride: 12, labels: new Uint8Array([0, 1]) };
const shape = { channels: 3, height: 2, width: 2 };
const imageSet = () => new api.ImageSet([block], shape, ['a', 'b']);
const arraySet = () => new api.ArraySet({ x, targets, classNames: ['a', 'b', 'c'] });
const picture = { ...shape, bytes: new Uint8Array(12) };

const trainerOptions = {
  loss: loss(),
  train: source,
  test: source,
  batchSize: 2,
  accumulate: 1,
  schedule: api.constantSchedule(),
  clipNorm: 1,
  maxSteps: 1,
  evalEvery: 1,
  rng: rng(),
  onStep: () => undefined,
  onEvaluation: () => undefined,
  onWarning: () => undefined,
  betweenSteps: async () => undefined,
  signal: new AbortController().signal,
};
function trainer(options: object = {}): api.Trainer {
  const model = net();
  return new api.Trainer({ model, optimizer: sgd(model), ...trainerOptions, ...options });
}
const runParts = () => {
  const model = net();
  const optimizer = sgd(model);
  return { model, optimizer, trainer: trainer({ model, optimizer }), streams: { rng: rng() } };
};
const parts = runParts();

const mlpSettings = {
  ...{ name: 'mlp', hidden: [4], activation: 'elu', norm: 'none', normPosition: 'before-activation', residual: false },
  ...{ dropout: 0, logits: false, init: 'auto' },
};
const config = { model: mlpSettings, data: { title: 'own', sample: [3], classes: ['a', 'b', 'c'] } };
const trained = () => {
  const state = new api.MLP({ inputs: 3, hidden: [4], classes: 3 }).stateDict();
  const inputs = api.encodeNpz({ mean: api.zeros([3]), factor: api.ones([1]) });
  return { config, model: api.encodeNpz(state), inputs };
};
const run = api.decodeRun(trained());

const layerOptions = { eps: ['positive', 1e-5], dtype: ['dtype', 'float64'] } as const;
const initialized = { init: ['name', 'xavier'], rng: ['rng', rng()], dtype: ['dtype', 'float64'] } as const;
const windows = optionsOf({ stride: ['size', 1], padding: ['whole', 0] });
const mlp = {
  inputs: ['count', 3],
  hidden: ['widths', [4]],
  classes: ['count', 2],
  activation: ['name', 'relu'],
  norm: ['name', 'layer'],
  normPosition: ['name', 'before-linear'],
  dropout: ['option', 0.5],
  residual: ['flag', true],
  logits: ['flag', true],
  ...initialized,
} as const;

/** Functions of the core beyond those that compute with arrays. */
export const CORE_FUNCTIONS: CallTable = {
  array: {
    call: api.array,
    args: [
      ['nested', [1, 2]],
      ['optionalShape', [2]],
      ['dtype', 'float32'],
    ],
  },
  augmented: {
    call: api.augmented,
    args: [
      ['method', imageSet()],
      ['numbers', new Float64Array(12)],
      ['list', [api.flip()]],
      ['rng', rng()],
    ],
  },
  autoInit: {
    call: api.autoInit,
    args: [
      optionsOf({
        inputs: ['count', 3],
        hidden: ['widths', [4]],
        normalized: ['flag', false],
        residual: ['flag', false],
        unitInputs: ['flag', true],
      }),
    ],
  },
  avgPool2dGradient: {
    call: api.avgPool2dGradient,
    args: [['array', api.zeros([2, 3, 3, 4])], ['size', [4, 5]], ['size', 2], windows],
  },
  broadcastShapes: {
    call: api.broadcastShapes,
    args: [
      ['shape', [2, 3]],
      ['shape', [3]],
    ],
  },
  captureRun: {
    call: api.captureRun,
    args: [
      optionsOf({
        model: ['method', parts.model],
        optimizer: ['method', parts.optimizer],
        trainer: ['method', parts.trainer],
        streams: ['dictionary', parts.streams],
      }),
    ],
  },
  centered: {
    call: api.centered,
    args: [
      ['method', imageSet()],
      ['numbers', new Float64Array(12)],
    ],
  },
  checkLayer: {
    call: api.checkLayer,
    args: [
      ['layer', new api.Tanh()],
      ['array', exact],
      optionsOf({
        name: ['optionalText', 'Tanh'],
        step: ['positive', 1e-5],
        tolerance: ['parts', { absolute: 1e-7, relative: 1e-6 }],
        witness: [
          'parts',
          {
            name: 'zeros',
            ofLayer: (_layer: unknown, x: api.NdArray) => [api.zerosLike(x)],
            ofLoss: (_loss: unknown, x: api.NdArray) => api.zerosLike(x),
          },
        ],
        dout: ['array', exact],
        rng: ['rng', rng()],
        replay: ['rng', rng()],
      }),
    ],
  },
  checkLoss: {
    call: api.checkLoss,
    args: [
      ['method', loss()],
      ['array', exact],
      ['array', api.astype(targets, 'float64')],
      optionsOf({
        name: ['optionalText', 'loss'],
        step: ['positive', 1e-5],
        tolerance: ['parts', { absolute: 1e-7, relative: 1e-6 }],
        witness: [
          'parts',
          {
            name: 'zeros',
            ofLayer: (_layer: unknown, x: api.NdArray) => [api.zerosLike(x)],
            ofLoss: (_loss: unknown, x: api.NdArray) => api.zerosLike(x),
          },
        ],
      }),
    ],
    begins: /^(checkLoss|SoftmaxCrossEntropy\.forward):/,
  },
  cosineSchedule: {
    call: api.cosineSchedule,
    args: [
      ['count', 3],
      ['option', 0.1],
    ],
  },
  cutout: { call: api.cutout, args: [['count', 3]] },
  decodeNpy: {
    call: api.decodeNpy,
    args: [
      ['bytes', api.encodeNpy(x)],
      ['optionalText', 'x.npy'],
    ],
  },
  decodeNpz: {
    call: api.decodeNpz,
    args: [
      ['bytes', api.encodeNpz({ x })],
      ['optionalText', 'x.npz'],
    ],
  },
  decodeRun: {
    call: api.decodeRun,
    args: [
      optionsOf({ config: ['text', config], model: ['bytes', trained().model], inputs: ['bytes', trained().inputs] }),
    ],
    begins: /^(decodeRun:|config\.json)/,
  },
  diagnoseNet: {
    call: api.diagnoseNet,
    args: [
      ['layer', net()],
      ['method', loss()],
      ['parts', batch],
    ],
  },
  encodeNpy: { call: api.encodeNpy, args: [['array', x]] },
  encodeNpz: { call: api.encodeNpz, args: [optionsOf({ x: ['array', x] })] },
  evaluate: {
    call: api.evaluate,
    args: [
      ['layer', net()],
      ['method', loss()],
      ['method', source],
      ['optionalMethod', new AbortController().signal],
    ],
  },
  fitPicture: {
    call: api.fitPicture,
    args: [
      ['parts', picture],
      ['imageShape', shape],
    ],
  },
  flattened: { call: api.flattened, args: [['method', source]] },
  fold: {
    call: api.fold,
    args: [['array', api.unfold(images, 2)], ['size', [4, 5]], ['size', 2], windows],
  },
  initialBias: {
    call: api.initialBias,
    args: [
      ['name', 'pytorch'],
      ['shape', [2, 3]],
      ['rng', rng()],
      ['dtype', 'float32'],
    ],
  },
  initializer: { call: api.initializer, args: [['name', 'xavier']] },
  inspectLayers: {
    call: api.inspectLayers,
    args: [
      ['layer', net()],
      ['method', loss()],
      ['parts', batch],
    ],
  },
  listNpz: {
    call: api.listNpz,
    args: [
      ['bytes', api.encodeNpz({ x })],
      ['optionalText', 'x.npz'],
    ],
  },
  maxPool2dGradient: {
    call: api.maxPool2dGradient,
    args: [
      ['array', api.zeros([2, 3, 3, 4])],
      ['memory', api.maxPool2d(images, 2, { stride: 1 }).indices],
      ['size', [4, 5]],
    ],
  },
  mixed: {
    call: api.mixed,
    args: [
      ['method', source],
      ['positive', 0.2],
      ['rng', rng()],
    ],
  },
  namedArraysOf: { call: api.namedArraysOf, args: [['layer', net()]] },
  namedParametersOf: { call: api.namedParametersOf, args: [['layer', net()]] },
  numericalGradient: {
    call: api.numericalGradient,
    args: [
      ['function', (v: api.NdArray) => api.tanh(v)],
      ['array', exact],
      optionsOf({ dout: ['array', exact], step: ['positive', 1e-5] }),
    ],
  },
  resizePicture: {
    call: api.resizePicture,
    args: [
      ['parts', picture],
      ['parts', { height: 3, width: 3 }],
    ],
  },
  restoreRun: {
    call: api.restoreRun,
    args: [
      ['parts', runParts()],
      ['parts', api.captureRun(runParts())],
    ],
  },
  scaled: {
    call: api.scaled,
    args: [
      ['method', source],
      ['operand', 0.5],
    ],
  },
  setBackend: { call: api.setBackend, args: [['name', 'auto'], optionsOf({ threads: ['count', 1] })] },
  shift: { call: api.shift, args: [['count', 3]] },
  smoothed: {
    call: api.smoothed,
    args: [
      ['method', source],
      ['share', 0.1],
    ],
  },
  stepSchedule: {
    call: api.stepSchedule,
    args: [
      ['count', 3],
      ['positive', 0.1],
    ],
  },
  trainStep: {
    call: api.trainStep,
    args: [
      ['layer', parts.model],
      ['method', loss()],
      ['method', parts.optimizer],
      ['array', x],
      ['array', targets],
    ],
  },
  updateInPlace: {
    call: api.updateInPlace,
    args: [
      ['text', 'updateInPlace'],
      optionsOf({ value: ['array', api.copy(x)], velocity: ['array', api.copy(x)] }),
      ['array', x],
      ['function', (grad: number, value: number, velocity: number) => [value - grad, velocity]],
      optionsOf({ name: ['text', 'momentum'], numbers: ['numbers', [0.9, 0, 0, 0.1]] }),
    ],
  },
  walkLayers: {
    call: (layer: api.Layer, path: string) => [...api.walkLayers(layer, path)],
    args: [
      ['layer', net()],
      ['optionalText', 'net'],
    ],
  },
  withChannels: {
    call: api.withChannels,
    args: [
      ['parts', picture],
      ['count', 1],
    ],
  },
  withWarmUp: {
    call: api.withWarmUp,
    args: [
      ['whole', 3],
      ['function', api.constantSchedule()],
    ],
  },
};

/** Constructors and methods of the core. */
export const CORE_OBJECTS: CallTable = {
  Adam: {
    call: (list: api.Parameter[], options: api.AdamOptions) => new api.Adam(list, options),
    args: [
      ['parameters', net().parameters()],
      optionsOf({
        learningRate: ['positive', 0.1],
        beta1: ['option', 0.9],
        beta2: ['option', 0.9],
        eps: ['positive', 1e-8],
        weightDecay: ['option', 0.1],
      }),
    ],
  },
  AdamW: {
    call: (list: api.Parameter[], options: api.AdamOptions) => new api.AdamW(list, options),
    args: [
      ['parameters', net().parameters()],
      optionsOf({ learningRate: ['positive', 0.1], weightDecay: ['option', 0.1] }),
    ],
  },
  ArraySet: {
    call: (given: api.ArraySetParts) => new api.ArraySet(given),
    args: [
      optionsOf({
        x: ['array', x],
        targets: ['array', targets],
        classNames: ['texts', ['a', 'b', 'c']],
        targetNames: ['texts', []],
        featureNames: ['texts', ['p', 'q', 'r']],
      }),
    ],
  },
  'ArraySet.batch': {
    call: (indices: number[], mean: number[]) => arraySet().batch(indices, mean),
    args: [
      ['indices', [0, 1]],
      ['numbers', [1, 2, 3]],
    ],
    begins: /^(ArraySet\.batch|take):/,
  },
  'ArraySet.slice': {
    call: (start: number, end: number) => arraySet().slice(start, end),
    args: [
      ['whole', 0],
      ['number', 2],
    ],
  },
  'ArraySet.label': { call: (i: number) => arraySet().label(i), args: [['index', 0]], begins: /^take:/ },
  'ArraySet.chosen': {
    call: (positions: number[]) => arraySet().chosen(positions),
    args: [['indices', [0, 1]]],
    begins: /^(ArraySet\.chosen|take):/,
  },
  AvgPool2d: {
    call: (size: number, options: object) => new api.AvgPool2d(size, options),
    args: [['size', 2], windows],
  },
  BatchNorm1d: {
    call: (features: number, options: object) => new api.BatchNorm1d(features, options),
    args: [['count', 3], optionsOf({ ...layerOptions, momentum: ['option', 0.1] })],
  },
  BatchNorm2d: {
    call: (features: number, options: object) => new api.BatchNorm2d(features, options),
    args: [['count', 3], optionsOf({ ...layerOptions, momentum: ['option', 0.1] })],
  },
  Concat: { call: (inner: api.Layer) => new api.Concat(inner), args: [['layer', new api.ReLU()]] },
  Conv2d: {
    call: (inputs: number, outputs: number, size: number, options: object) =>
      new api.Conv2d(inputs, outputs, size, options),
    args: [
      ['count', 2],
      ['count', 3],
      ['size', 3],
      optionsOf({ stride: ['size', 1], padding: ['whole', 0], bias: ['flag', true], ...initialized }),
    ],
  },
  ConvNet: {
    call: (options: api.ConvNetOptions) => new api.ConvNet(options),
    args: [
      optionsOf({
        channels: ['count', 1],
        classes: ['count', 2],
        widths: ['parts', [1, 1, 1, 1, 1]],
        rng: ['rng', rng()],
        dtype: ['dtype', 'float32'],
      }),
    ],
  },
  VGG: {
    call: (options: api.VGGOptions) => new api.VGG(options),
    args: [
      optionsOf({
        channels: ['count', 1],
        classes: ['count', 2],
        rng: ['rng', rng()],
        dtype: ['dtype', 'float32'],
        depth: ['right', 11],
        widths: ['right', [1, 1, 1, 1, 1]],
      }),
    ],
  },
  DenseNet: {
    call: (options: api.DenseNetOptions) => new api.DenseNet(options),
    args: [
      optionsOf({
        channels: ['count', 1],
        classes: ['count', 2],
        growth: ['count', 1],
        rng: ['rng', rng()],
        dtype: ['dtype', 'float32'],
      }),
    ],
  },
  NamedLayers: {
    call: (named: [string, api.Layer][]) => new api.NamedLayers(named),
    args: [['parts', [['relu', new api.ReLU()]]]],
  },
  Dropout: {
    call: (p: number, options: api.DropoutOptions) => new api.Dropout(p, options),
    args: [['share', 0.5], optionsOf({ rng: ['rng', rng()] })],
  },
  ELU: { call: (options: object) => new api.ELU(options), args: [optionsOf({ alpha: ['option', 1] })] },
  GroupNorm: {
    call: (groups: number, features: number, options: object) => new api.GroupNorm(groups, features, options),
    args: [['count', 2], ['count', 4], optionsOf(layerOptions)],
  },
  ImageSet: {
    call: (blocks: api.ImageBlock[], size: api.ImageShape, names: string[]) => new api.ImageSet(blocks, size, names),
    args: [
      ['list', [block]],
      ['imageShape', shape],
      ['texts', ['a', 'b']],
    ],
  },
  'ImageSet of a block': {
    call: (one: api.ImageBlock) => new api.ImageSet([one], shape, ['a', 'b']),
    args: [
      optionsOf({
        bytes: ['bytes', block.bytes],
        first: ['whole', 0],
        stride: ['whole', 12],
        labels: ['bytes', block.labels],
      }),
    ],
    begins: /^ImageSet:/,
  },
  'ImageSet.image': { call: (i: number) => imageSet().image(i), args: [['index', 0]], begins: /^ImageSet:/ },
  'ImageSet.label': { call: (i: number) => imageSet().label(i), args: [['index', 0]], begins: /^ImageSet:/ },
  'ImageSet.slice': {
    call: (start: number, end: number) => imageSet().slice(start, end),
    args: [
      ['number', 0],
      ['number', 1],
    ],
  },
  'ImageSet.batch': {
    call: (indices: number[], mean: Float64Array, change: () => void) => imageSet().batch(indices, mean, change),
    args: [
      ['indices', [0, 1]],
      ['numbers', new Float64Array(12)],
      ['optionalFunction', () => undefined],
    ],
    begins: /^ImageSet(\.batch)?:/,
  },
  InstanceNorm: {
    call: (features: number, options: object) => new api.InstanceNorm(features, options),
    args: [['count', 2], optionsOf(layerOptions)],
  },
  LayerNorm: {
    call: (features: number, options: object) => new api.LayerNorm(features, options),
    args: [['count', 2], optionsOf(layerOptions)],
  },
  Linear: {
    call: (inputs: number, outputs: number, options: object) => new api.Linear(inputs, outputs, options),
    args: [['count', 2], ['count', 3], optionsOf({ bias: ['flag', true], ...initialized })],
  },
  MLP: { call: (options: api.MLPOptions) => new api.MLP(options), args: [optionsOf(mlp)] },
  MaxPool2d: {
    call: (size: number, options: object) => new api.MaxPool2d(size, options),
    args: [['size', 2], windows],
  },
  Parameter: {
    call: (name: string, value: api.NdArray) => new api.Parameter(name, value),
    args: [
      ['text', 'weight'],
      ['array', x],
    ],
  },
  Random: { call: (seed: number) => new Random(seed), args: [['seed', 1]] },
  'Random.normal': {
    call: (size: number[], options: object) => rng().normal(size, options),
    args: [['shape', [2]], optionsOf({ mean: ['value', 0], std: ['option', 1], dtype: ['dtype', 'float64'] })],
  },
  'Random.uniform': {
    call: (size: number[], options: object) => rng().uniform(size, options),
    args: [['shape', [2]], optionsOf({ low: ['value', 0], high: ['value', 1], dtype: ['dtype', 'float64'] })],
  },
  'Random.bernoulli': {
    call: (size: number[], options: { p: number }) => rng().bernoulli(size, options),
    args: [['shape', [2]], optionsOf({ p: ['share', 0.5], dtype: ['dtype', 'float64'] })],
  },
  'Random.permutation': { call: (n: number) => rng().permutation(n), args: [['count', 3]] },
  'Random.restore': {
    call: (state: api.RandomState) => rng().restore(state),
    args: [['parts', rng().state()]],
  },
  Residual: {
    call: (inner: api.Layer, shortcut: api.Layer) => new api.Residual(inner, shortcut),
    args: [
      ['layer', new api.ReLU()],
      ['layer', new api.Tanh()],
    ],
  },
  SGD: {
    call: (list: api.Parameter[], options: api.SGDOptions) => new api.SGD(list, options),
    args: [
      ['parameters', net().parameters()],
      optionsOf({
        learningRate: ['positive', 0.1],
        momentum: ['option', 0.9],
        nesterov: ['flag', true],
        weightDecay: ['option', 0.1],
      }),
    ],
  },
  'SGD.loadStateDict': {
    call: (state: api.OptimizerState) => sgd().loadStateDict(state),
    args: [optionsOf({ steps: ['whole', 3], arrays: ['dictionary', {}] })],
    begins: /^(SGD\.)?loadStateDict:/,
  },
  Sequential: {
    call: (...layers: api.Layer[]) => new api.Sequential(...layers),
    args: [
      ['layer', new api.ReLU()],
      ['layer', new api.Tanh()],
    ],
  },
  'Module.loadStateDict': {
    call: (state: api.StateDict) => net().loadStateDict(state),
    args: [['parts', net().stateDict()]],
    begins: /^loadStateDict:/,
  },
  Trainer: {
    call: (options: api.TrainerOptions) => new api.Trainer(options),
    args: [
      optionsOf({
        model: ['layer', parts.model],
        optimizer: ['method', parts.optimizer],
        loss: ['method', loss()],
        train: ['method', source],
        test: ['method', source],
        batchSize: ['count', 2],
        accumulate: ['count', 1],
        schedule: ['optionalFunction', api.constantSchedule()],
        clipNorm: ['clip', 1],
        maxSteps: ['count', 1],
        evalEvery: ['count', 1],
        rng: ['rng', rng()],
        onStep: ['optionalFunction', () => undefined],
        onEvaluation: ['optionalFunction', () => undefined],
        onWarning: ['optionalFunction', () => undefined],
        betweenSteps: ['optionalFunction', () => undefined],
        around: ['optionalFunction', (evaluate: () => unknown) => evaluate()],
        signal: ['optionalMethod', new AbortController().signal],
      }),
    ],
  },
  'Trainer.restore': {
    call: (state: api.TrainerState) => trainer().restore(state),
    args: [
      optionsOf({
        step: ['whole', 0],
        sampler: ['parts', trainer().state().sampler],
        since: ['text', trainer().state().since],
        history: ['parts', trainer().state().history],
      }),
    ],
  },
  TrainedNet: {
    call: (given: ConstructorParameters<typeof api.TrainedNet>[0]) => new api.TrainedNet(given),
    args: [
      optionsOf({
        ...{ title: ['text', 'own'], sample: ['parts', [3]], classes: ['texts', ['a', 'b', 'c']] },
        model: ['parts', config.model],
        state: ['parts', api.decodeNpz(trained().model)],
        inputs: ['parts', { mean: api.zeros([3]), factor: 1 }],
      }),
    ],
    begins: /^(TrainedNet:|config\.json|model\.npz|inputs\.npz)/,
  },
  'TrainedNet.predict': {
    call: (given: api.NdArray, options: object) => run.predict(given, options),
    args: [['array', x], optionsOf({ topK: ['count', 2] })],
    begins: /^TrainedNet(\.predict)?:/,
  },
  'TrainedNet.probabilities': { call: (given: api.NdArray) => run.probabilities(given), args: [['array', x]] },
  WeightAverage: {
    call: (inner: api.Optimizer, options: api.WeightAverageOptions) => new api.WeightAverage(inner, options),
    args: [['method', sgd()], optionsOf({ decay: ['share', 0.9] })],
  },
  'WeightAverage.loadStateDict': {
    call: (state: api.OptimizerState) => {
      const model = new api.Linear(2, 1, { bias: false });
      new api.WeightAverage(sgd(model), { decay: 0.9 }).loadStateDict(state);
    },
    args: [optionsOf({ steps: ['whole', 3], arrays: ['parts', { 'average.0.weight': api.zeros([1, 2]) }] })],
    begins: /^(WeightAverage\.)?loadStateDict:/,
  },
  ...Object.fromEntries(
    (
      [
        ['AvgPool2d', new api.AvgPool2d(2), images],
        ['BatchNorm1d', new api.BatchNorm1d(3), x],
        ['BatchNorm2d', new api.BatchNorm2d(3), images],
        ['Concat', new api.Concat(new api.ReLU()), x],
        ['Conv2d', new api.Conv2d(3, 2, 2), images],
        ['Dropout', new api.Dropout(0.5, { rng: rng() }), x],
        ['ELU', new api.ELU(), x],
        ['Flatten', new api.Flatten(), images],
        ['GELU', new api.GELU(), x],
        ['GlobalAvgPool2d', new api.GlobalAvgPool2d(), images],
        ['GroupNorm', new api.GroupNorm(1, 3), images],
        ['InstanceNorm', new api.InstanceNorm(3), images],
        ['LayerNorm', new api.LayerNorm(3), x],
        ['Linear', new api.Linear(3, 2), x],
        ['MaxPool2d', new api.MaxPool2d(2), images],
        ['ReLU', new api.ReLU(), x],
        ['Softmax', new api.Softmax(), x],
        ['Tanh', new api.Tanh(), x],
      ] as const
    ).flatMap(([name, layer, input]) => [
      [`${name}.forward`, { call: (given: api.NdArray) => layer.forward(given), args: [['array', input]] }],
      [`${name}.backward`, { call: backwardOf(layer, input), args: [['array', layer.forward(input)]] }],
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ['CrossEntropy', new api.CrossEntropy(), new api.Softmax().forward(x)],
        ['MSELoss', new api.MSELoss(), x],
        ['SoftmaxCrossEntropy', new api.SoftmaxCrossEntropy(), x],
      ] as const
    ).map(([name, own, outputs]) => [
      `${name}.forward`,
      {
        call: (given: api.NdArray, wanted: api.NdArray) => own.forward(given, wanted),
        args: [
          ['array', outputs],
          ['array', targets],
        ],
      },
    ]),
  ),
};

function backwardOf(layer: api.Layer, input: api.NdArray): (dout: api.NdArray) => unknown {
  return (dout) => {
    layer.forward(input);
    return layer.backward(dout);
  };
}
