import { expect } from 'chai';
import * as api from '../../src/index.js';
import { type Kind, WRONG } from './wrong-values.js';

/** Everything that the core exports, by name. */
const exported: Readonly<Record<string, unknown>> = { ...api };

const { array, Random } = api;
const x = array([
  [1, 2, 3],
  [4, 5, 7],
]);
const y = array([
  [2, 1, 0.5],
  [1, 1, 1],
]);
const targets = array([
  [1, 0, 0],
  [0, 1, 0],
]);
const images = new Random(1).normal([2, 3, 4, 5]);
const kernels = new Random(2).normal([2, 3, 2, 2]);

type Argument = readonly [kind: Kind | 'right', value: unknown];

const A: Argument = ['array', x];
const unary: readonly Argument[] = [A];
const binary: readonly Argument[] = [
  ['operand', x],
  ['operand', y],
];
const reduction: readonly Argument[] = [A, ['axis', 1]];
const created: readonly Argument[] = [
  ['shape', [2, 3]],
  ['dtype', 'float32'],
];

/** A right call of a function: its arguments, each with the kind of its wrong values. */
const CALLS: Readonly<Record<string, readonly Argument[]>> = {
  abs: unary,
  accuracy: [A, ['array', targets]],
  add: binary,
  addInPlace: [
    ['array', array([[1, 2]])],
    ['operand', array([[1, 2]])],
    ['optionalNumber', 2],
  ],
  addMatmulInPlace: [
    ['array', api.zeros([2, 2])],
    ['array', y],
    ['array', api.transpose(x)],
  ],
  addProductInPlace: [
    ['array', array([[1, 2]])],
    ['array', array([[1, 2]])],
    ['array', array([[1, 2]])],
  ],
  argmax: reduction,
  arraySource: [A, ['array', targets]],
  asArray: [
    ['right', new Float32Array(6)],
    ['shape', [2, 3]],
  ],
  assign: [
    ['array', array([[1, 2]])],
    ['operand', array([[1, 2]])],
  ],
  astype: [A, ['dtype', 'float64']],
  at: [A, ['index', 1], ['index', 1]],
  avgPool2d: [
    ['array', images],
    ['size', 2],
  ],
  broadcastTo: [
    ['array', x],
    ['shape', [4, 2, 3]],
  ],
  clipGradNorm: [
    ['parameters', new api.Linear(2, 3).parameters()],
    ['right', 1],
  ],
  concatenate: [
    ['arrays', [x, y]],
    ['axis', 0],
  ],
  confusionMatrix: [A, ['array', targets]],
  conv2d: [
    ['array', images],
    ['array', kernels],
  ],
  conv2dInputGradient: [
    ['array', kernels],
    ['array', api.zeros([2, 2, 3, 4])],
    ['size', [4, 5]],
  ],
  conv2dWeightGradient: [
    ['array', images],
    ['array', api.zeros([2, 2, 3, 4])],
    ['size', 2],
  ],
  copy: unary,
  divide: binary,
  exp: unary,
  expm1: unary,
  format: [
    ['memory', x],
    ['misspelled', {}],
  ],
  full: [
    ['shape', [2]],
    ['value', 3],
    ['dtype', 'float64'],
  ],
  log: unary,
  log1p: unary,
  map: [A, ['function', Math.abs]],
  mapRows: [A, ['function', (rows: unknown) => rows], ['right', 'softmax']],
  matmul: [A, ['array', api.transpose(y)]],
  max: reduction,
  maxPool2d: [
    ['array', images],
    ['size', 2],
  ],
  maximum: binary,
  mean: reduction,
  min: reduction,
  minimum: binary,
  multiply: binary,
  multiplyInPlace: [
    ['array', array([[1, 2]])],
    ['operand', array([[1, 2]])],
  ],
  meanOfProducts: [A, ['array', y], ['axis', 0]],
  negative: unary,
  oneHot: [
    ['indices', [0, 2]],
    ['count', 3],
    ['dtype', 'float32'],
  ],
  ones: created,
  power: binary,
  reshape: [A, ['newShape', [3, 2]]],
  scaleInPlace: [
    ['array', array([[1, 2]])],
    ['value', 2],
  ],
  scaleShift: [A, ['array', y], ['array', y]],
  setAt: [
    ['array', array([[1, 2]])],
    ['list', [0, 1]],
    ['value', 5],
  ],
  sign: unary,
  slice: [A, ['range', [0, 1]]],
  smoothLabels: [
    ['array', targets],
    ['share', 0.1],
  ],
  sqrt: unary,
  square: unary,
  subtract: binary,
  subtractInPlace: [
    ['array', array([[1, 2]])],
    ['operand', array([[1, 2]])],
  ],
  sum: reduction,
  sumOfSquares: unary,
  sumOfProducts: [A, ['array', y], ['axis', 0]],
  take: [A, ['indices', [0, 1]]],
  tanh: unary,
  toNested: [['memory', x]],
  transpose: [A, ['list', [1, 0]]],
  unfold: [
    ['array', images],
    ['size', 2],
  ],
  zeros: created,
  zerosLike: unary,
  zipWith: [A, ['array', y], ['function', Math.max]],
};

/** Functions without such a call here: their arguments are bytes, sets, nets or callbacks, which their own tests try. */
const OTHERS = new Set([
  ...['array', 'augmented', 'autoInit', 'avgPool2dGradient', 'backend', 'backendDescription', 'broadcastShapes'],
  ...['captureRun', 'centered', 'checkLayer', 'checkLoss', 'constantSchedule', 'cosineSchedule', 'cutout', 'decodeNpy'],
  ...['decodeNpz', 'decodeRun', 'diagnoseNet', 'encodeNpy', 'encodeNpz', 'evaluate', 'fitPicture', 'flattened', 'flip'],
  ...['fold', 'initialBias', 'initializer', 'inspectLayers', 'listNpz', 'maxPool2dGradient', 'mixed'],
  ...['namedArraysOf', 'namedParametersOf', 'numericalGradient', 'resizePicture', 'restoreRun', 'scaled', 'setBackend'],
  ...['shift', 'smoothed', 'stepSchedule', 'threads', 'trainStep', 'updateInPlace', 'walkLayers', 'withChannels'],
  'withWarmUp',
]);

/** The constructors and methods, as functions. */
const OBJECTS: Readonly<Record<string, [call: (...values: never[]) => unknown, args: readonly Argument[]]>> = {
  Sequential: [
    (...layers: api.Layer[]) => new api.Sequential(...layers),
    [
      ['layer', new api.ReLU()],
      ['layer', new api.Tanh()],
    ],
  ],
  Residual: [(inner: api.Layer) => new api.Residual(inner), [['layer', new api.ReLU()]]],
  SGD: [
    (parameters: api.Parameter[]) => new api.SGD(parameters, { learningRate: 1 }),
    [['parameters', new api.Linear(2, 3).parameters()]],
  ],
  Adam: [
    (parameters: api.Parameter[]) => new api.Adam(parameters, { learningRate: 1 }),
    [['parameters', new api.Linear(2, 3).parameters()]],
  ],
  Linear: [
    (inputs: number, outputs: number, options: object) => new api.Linear(inputs, outputs, options),
    [
      ['count', 2],
      ['count', 3],
      ['misspelled', {}],
    ],
  ],
  Conv2d: [
    (inputs: number, outputs: number, size: number, options: object) => new api.Conv2d(inputs, outputs, size, options),
    [
      ['count', 2],
      ['count', 3],
      ['size', 3],
      ['misspelled', {}],
    ],
  ],
  LayerNorm: [
    (features: number, options: object) => new api.LayerNorm(features, options),
    [
      ['count', 2],
      ['misspelled', {}],
    ],
  ],
  'Linear.forward': [(input: api.NdArray) => new api.Linear(3, 2).forward(input), [A]],
  'ReLU.forward': [(input: api.NdArray) => new api.ReLU().forward(input), [A]],
  'Softmax.forward': [(input: api.NdArray) => new api.Softmax().forward(input), [A]],
  'LayerNorm.forward': [(input: api.NdArray) => new api.LayerNorm(3).forward(input), [A]],
  'SoftmaxCrossEntropy.forward': [
    (outputs: api.NdArray, wanted: api.NdArray) => new api.SoftmaxCrossEntropy().forward(outputs, wanted),
    [A, ['array', targets]],
  ],
  'MSELoss.forward': [
    (outputs: api.NdArray, wanted: api.NdArray) => new api.MSELoss().forward(outputs, wanted),
    [A, ['array', y]],
  ],
};

const functions = Object.entries(CALLS).map(([name, args]) => {
  const call = exported[name] as (...values: unknown[]) => unknown;
  return { name, call, args };
});
const objects = Object.entries(OBJECTS).map(([name, [call, args]]) => ({
  name,
  call: call as (...values: unknown[]) => unknown,
  args,
}));

/** Names in a message that are not those of the call itself. */
const INSIDE: Readonly<Record<string, RegExp>> = { accuracy: /^(accuracy|confusionMatrix):/ };

describe('wrong arguments', () => {
  it('are tried with every function that takes arrays', () => {
    const untried = Object.keys(exported).filter(
      (name) => typeof exported[name] === 'function' && /^[a-z]/.test(name) && !(name in CALLS) && !OTHERS.has(name),
    );
    expect(untried).to.deep.equal([]);
  });

  for (const { name, call, args } of [...functions, ...objects]) {
    it(`of ${name} are errors that name the call`, () => {
      const right = args.map(([, value]) => value);
      expect(() => call(...right)).not.to.throw();
      for (const [i, [kind]] of args.entries()) {
        if (kind === 'right') continue;
        for (const [what, value] of Object.entries(WRONG[kind])) {
          const given = right.map((own, k) => (k === i ? value : own));
          const where = `argument ${i + 1} of ${name} is ${what}`;
          let error: unknown;
          try {
            call(...given);
          } catch (caught) {
            error = caught;
          }
          if (error === undefined && value === undefined && i === args.length - 1 && i > 0) continue; // left out
          expect(error, where).to.be.instanceOf(Error);
          expect((error as Error).message, where).to.match(INSIDE[name] ?? new RegExp(`^${name}:`));
        }
      }
    });
  }
});
