import { expect } from 'chai';
import * as api from '../../src/index.js';
import * as nodeHalf from '../../src/node.js';
import * as weights from '../../src/weights.js';
import { AUTODIFF_CALLS } from './autodiff-calls.js';
import { type Argument, type CallTable, optionsOf, type RightCall } from './call-table.js';
import { CORE_FUNCTIONS, CORE_OBJECTS } from './core-calls.js';
import { NODE_CALLS } from './node-calls.js';
import { WEIGHTS_CALLS } from './weights-calls.js';
import { type Kind, WRONG } from './wrong-values.js';

/** Everything that the core and the Node half export, by name. */
const exported: Readonly<Record<string, unknown>> = { ...nodeHalf, ...api, ...weights };

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
    optionsOf({
      digits: ['whole', 3],
      threshold: ['whole', 1000],
      edgeItems: ['whole', 3],
      lineWidth: ['whole', 75],
    }),
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

/** Functions and constructors that take no arguments, or only a message. */
const WITHOUT_ARGUMENTS = new Set([
  ...['backend', 'backendDescription', 'cacheFolder', 'constantSchedule', 'flip', 'threads'],
  ...[
    'CrossEntropy',
    'Flatten',
    'GELU',
    'GlobalAvgPool2d',
    'MSELoss',
    'ReLU',
    'Softmax',
    'SoftmaxCrossEntropy',
    'Tanh',
  ],
  ...[
    'DamagedCheckpointError',
    'DivergedError',
    'DtypeError',
    'InputError',
    'NonFiniteError',
    'NotImplementedError',
    'ShapeError',
  ],
  ...['Module', 'Optimizer'], // abstract: their constructors are tried in their subclasses
]);

const ARRAY_FUNCTIONS: CallTable = Object.fromEntries(
  Object.entries(CALLS).map(([name, args]) => [name, { call: exported[name] as RightCall['call'], args }]),
);

/** Names in a message that are not those of the call itself. */
const INSIDE: Readonly<Record<string, RegExp>> = { accuracy: /^(accuracy|confusionMatrix):/ };

/** Every way in which one argument can be wrong: what is wrong, and the arguments. */
function* wrongCalls(args: readonly Argument[]): Generator<[what: string, given: unknown[], left: boolean]> {
  const right = args.map(([, value]) => value);
  const withArgument = (i: number, value: unknown) => right.map((own, k) => (k === i ? value : own));
  for (const [i, [kind, value]] of args.entries()) {
    if (kind === 'right') continue;
    const kinds: Kind = typeof kind === 'string' ? kind : 'options';
    for (const [what, wrong] of Object.entries(WRONG[kinds])) {
      yield [
        `argument ${i + 1} is ${what}`,
        withArgument(i, wrong),
        wrong === undefined && i === args.length - 1 && i > 0,
      ];
    }
    if (typeof kind === 'string') continue;
    for (const [option, ofOption] of Object.entries(kind)) {
      if (ofOption === 'right') continue;
      for (const [what, wrong] of Object.entries(WRONG[ofOption])) {
        if (wrong === undefined) continue; // the default
        const given = { ...(value as object), [option]: wrong };
        yield [`option ${option} is ${what}`, withArgument(i, given), false];
      }
    }
  }
}

describe('wrong arguments', () => {
  const tables: readonly CallTable[] = [
    ARRAY_FUNCTIONS,
    CORE_FUNCTIONS,
    CORE_OBJECTS,
    NODE_CALLS,
    WEIGHTS_CALLS,
    AUTODIFF_CALLS,
  ];
  const calls = tables.flatMap((table) => Object.entries(table));

  it('are tried with every function and every class', () => {
    const tried = new Set(calls.map(([name]) => name));
    const untried = Object.keys(exported).filter(
      (name) => typeof exported[name] === 'function' && !tried.has(name) && !WITHOUT_ARGUMENTS.has(name),
    );
    expect(untried).to.deep.equal([]);
  });

  for (const [name, { call, args, unmade, begins = INSIDE[name] ?? new RegExp(`^${name}:`) }] of calls) {
    it(`of ${name} are errors that name the call`, async () => {
      const attempt = call as (...values: unknown[]) => unknown;
      if (!unmade) await attempt(...args.map(([, value]) => value));
      for (const [what, given, isLeftOut] of wrongCalls(args)) {
        const where = `${name}: ${what}`;
        let error: unknown;
        try {
          await attempt(...given);
        } catch (caught) {
          error = caught;
        }
        if (error === undefined && isLeftOut) continue;
        expect(error, where).to.be.instanceOf(Error);
        expect((error as Error).message, where).to.match(begins);
        expect((error as Error).stack, where).not.to.match(/^TypeError: Cannot|is not a function/);
      }
    });
  }
});
