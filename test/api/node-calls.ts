import * as api from '../../src/index.js';
import * as half from '../../src/node.js';
import { type CallTable, optionsOf } from './call-table.js';

const history: half.History = { firstLoss: 2, evaluations: [], stopped: null };
history.evaluations.push({ step: 1, epoch: 1, trainLoss: 2, trainAccuracy: 0.1, testLoss: 2, testAccuracy: 0.1 });
const confusion = [
  [3, 1],
  [0, 4],
];
const shape = { channels: 1, height: 2, width: 2 };
const picture = { ...shape, bytes: new Uint8Array(4) };
const signal = new AbortController().signal;
const nothing = () => undefined;

const loading = {
  dataDir: ['optionalText', 'missing-folder'],
  onNote: ['optionalFunction', nothing],
  onProgress: ['optionalFunction', nothing],
  signal: ['optionalMethod', signal],
} as const;
const running = {
  ...loading,
  onStart: ['optionalFunction', nothing],
  onStep: ['optionalFunction', nothing],
  onEvaluation: ['optionalFunction', nothing],
  onWarning: ['optionalFunction', nothing],
  checkpointEvery: ['every', 'minute'],
  report: ['flag', false],
} as const;

const mlp = half.runConfig({ model: { name: 'mlp', hidden: [2] } });
const trained = () => {
  const { model: settings } = mlp;
  const state = new api.MLP({ inputs: 3, hidden: [2], classes: 2 }).stateDict();
  const inputs = { mean: api.zeros([3]), factor: 1 };
  return { model: settings, title: 'own', sample: [3], classes: ['a', 'b'], state, inputs };
};
const run = new half.LoadedRun('run', mlp, trained());
const checkpoint = {
  settings: {},
  state: {
    model: {},
    optimizer: { steps: 0, arrays: {} },
    trainer: {},
    streams: {},
  },
};
const folder = new half.CheckpointFolder('missing-folder');

/** Functions and classes of the Node half. Those that would read a run, a set or a network are not called right. */
export const NODE_CALLS: CallTable = {
  Checkpointer: {
    call: (to: half.CheckpointFolder, every: half.CheckpointEvery, capture: () => half.Checkpoint) =>
      new half.Checkpointer(to, every, capture),
    args: [
      ['method', folder],
      ['every', 'minute'],
      ['function', () => checkpoint],
    ],
    begins: /^Checkpointer:/,
  },
  CheckpointFolder: { call: (path: string) => new half.CheckpointFolder(path), args: [['text', 'folder']] },
  'CheckpointFolder.newest': {
    call: (onDamaged: () => void) => folder.newest(onDamaged),
    args: [['function', nothing]],
    unmade: true,
  },
  'CheckpointFolder.write': {
    call: (step: number, bytes: Uint8Array) => folder.write(step, bytes),
    args: [
      ['whole', 1],
      ['bytes', new Uint8Array(1)],
    ],
    unmade: true,
  },
  LoadedRun: {
    call: (path: string, config: half.RunConfig, parts: ReturnType<typeof trained>) =>
      new half.LoadedRun(path, config, parts),
    args: [
      ['text', 'run'],
      ['parts', mlp],
      ['parts', trained()],
    ],
    begins: /^(LoadedRun|TrainedNet):/,
  },
  classAccuracySvg: {
    call: half.classAccuracySvg,
    args: [
      ['parts', confusion],
      ['texts', ['a', 'b']],
      ['text', 'title'],
    ],
  },
  confusionSvg: {
    call: half.confusionSvg,
    args: [
      ['parts', confusion],
      ['texts', ['a', 'b']],
      ['text', 'title'],
    ],
  },
  curve: {
    call: half.curve,
    args: [
      ['text', 'sine'],
      ['function', Math.sin],
      ['number', 0],
      ['number', 1],
      ['count', 5],
    ],
  },
  curvesSvg: {
    call: half.curvesSvg,
    args: [
      ['parts', history],
      ['text', 'title'],
      ['optionalText', 'test'],
    ],
  },
  decodeCheckpoint: {
    call: half.decodeCheckpoint,
    args: [
      ['bytes', new Uint8Array(1)],
      ['text', 'step-1.npz'],
    ],
    unmade: true,
  },
  decodePicture: {
    call: half.decodePicture,
    args: [
      ['bytes', new Uint8Array(1)],
      ['text', 'a.png'],
    ],
    unmade: true,
  },
  encodeCheckpoint: { call: half.encodeCheckpoint, args: [['parts', checkpoint]] },
  evaluateRun: { call: half.evaluateRun, args: [['text', 'missing-run'], optionsOf(loading)], unmade: true },
  gradientNormsSvg: {
    call: half.gradientNormsSvg,
    args: [
      ['parts', [{ name: 'first', layers: [{ name: 'Linear', norm: 1 }] }]],
      ['text', 'title'],
    ],
  },
  heatmapSvg: {
    call: half.heatmapSvg,
    args: [
      ['parts', confusion],
      optionsOf({
        title: ['text', 'title'],
        rows: ['text', 'row'],
        columns: ['text', 'column'],
        rowNames: ['texts', ['a', 'b']],
        columnNames: ['texts', ['a', 'b']],
        text: ['optionalFunction', String],
        cell: ['count', 40],
      }),
    ],
  },
  histogramsSvg: {
    call: half.histogramsSvg,
    args: [
      ['parts', [{ name: 'out', values: [1, 2, 3] }]],
      ['text', 'output'],
      ['text', 'title'],
    ],
  },
  linesSvg: {
    call: half.linesSvg,
    args: [
      ['parts', [half.curve('sine', Math.sin, 0, 1, 5)]],
      optionsOf({
        title: ['text', 'title'],
        x: ['text', 'x'],
        y: ['text', 'y'],
        logX: ['flag', false],
        logY: ['flag', false],
        width: ['count', 500],
        height: ['count', 300],
      }),
    ],
  },
  loadCifar10: { call: half.loadCifar10, args: [optionsOf(loading)], unmade: true },
  loadCifar100: {
    call: half.loadCifar100,
    args: [optionsOf({ ...loading, labels: ['name', 'fine'] })],
    unmade: true,
  },
  loadFashionMnist: { call: half.loadFashionMnist, args: [optionsOf(loading)], unmade: true },
  loadMnist: { call: half.loadMnist, args: [optionsOf(loading)], unmade: true },
  loadRun: { call: half.loadRun, args: [['text', 'missing-run'], optionsOf(loading)], unmade: true },
  predictFiles: {
    call: half.predictFiles,
    args: [
      ['method', run],
      ['texts', []],
      optionsOf({
        topK: ['count', 2],
        invert: ['flag', false],
        pictures: ['whole', 3],
        signal: ['optionalMethod', signal],
        onPrediction: ['optionalFunction', nothing],
        onValues: ['optionalFunction', nothing],
        onFailure: ['optionalFunction', nothing],
      }),
    ],
  },
  predictionsSvg: {
    call: half.predictionsSvg,
    args: [
      ['parts', [{ name: 'a.png', picture, top: [{ name: 'a', probability: 1 }] }]],
      ['text', 'title'],
    ],
  },
  provideCifar100: {
    call: half.provideCifar100,
    args: [optionsOf({ ...loading, labels: ['name', 'fine'] })],
    unmade: true,
  },
  provideCifar10: {
    call: half.provideCifar10,
    args: [optionsOf({ ...loading, source: ['name', 'npm'] })],
    unmade: true,
  },
  provideMnist: { call: half.provideMnist, args: [optionsOf(loading)], unmade: true },
  readPicture: { call: half.readPicture, args: [['text', 'missing.png']], unmade: true },
  readRecord: { call: half.readRecord, args: [['text', 'missing-run']], unmade: true },
  resumeRun: { call: half.resumeRun, args: [['text', 'missing-run'], optionsOf(running)], unmade: true },
  runConfig: { call: half.runConfig, args: [['options', {}]], begins: /^(runConfig|.*'misspeled')/ },
  samplesSvg: {
    call: half.samplesSvg,
    args: [
      ['parts', [{ pixels: picture.bytes, actual: 'a', predicted: 'b', probability: 0.5 }]],
      ['imageShape', shape],
      ['text', 'title'],
    ],
  },
  trainRun: {
    call: half.trainRun,
    args: [['options', {}], optionsOf({ ...running, out: ['optionalText', 'missing-folder'], force: ['flag', false] })],
    unmade: true,
    begins: /^(trainRun|.*'misspeled')/,
  },
  weightImagesSvg: {
    call: half.weightImagesSvg,
    args: [
      ['array', api.ones([3, 4])],
      ['imageShape', shape],
      ['text', 'title'],
      ['count', 3],
    ],
  },
};
