import { assign, type NdArray, Random, shapeText } from '../../array/index.js';
import { ConvNet } from '../../models/convnet.js';
import { flat } from '../diagnosis/array-difference.js';
import type { TestResult } from './observation.js';
import type { SubmissionClient } from './submission-client.js';
import { type TestCase, type TestKind, testCase } from './test-case.js';

/** Tests of the convolutional net. */

const dtype = 'float64';

interface NetChanges {
  channels: number;
  widths: number[];
}

/** The networks that `ConvNet` has to build. */
const NETS: { aspect: string; changes: NetChanges }[] = [
  { aspect: 'out', changes: { channels: 3, widths: [2, 3, 4, 5, 5] } },
  { aspect: 'gray images and other widths', changes: { channels: 1, widths: [3, 2, 5, 4, 4] } },
];
const EVALUATION = 'out in evaluation';
const INITIALIZATION = 'initialization';

/** The cases of `ConvNet`. */
export const CONVNET_KIND: TestKind = {
  cases: [testCase({ sizes: { N: 3, C: 4, H: 9, W: 10 } })],
  aspects: () => [...NETS.map(({ aspect }) => aspect), EVALUATION, INITIALIZATION],
  needs: (aspect) => (aspect === 'out' ? [] : ['out']),
};

/** Tests the layers of `ConvNet`: the shapes of the parameters, how they are drawn, and the outputs in both modes. */
export async function testConvNet(client: SubmissionClient, file: string, given: TestCase): Promise<TestResult[]> {
  const { N, C, H, W } = given.sizes;
  const found: TestResult[] = [];
  for (const { aspect, changes } of NETS) {
    const options = { classes: C, dtype, ...changes } as const;
    const right = new ConvNet({ ...options, rng: new Random(given.seed) });
    await client.make('net', file, 'ConvNet', [{ ...options, rng: { $random: given.seed } }]);
    const drawn = await client.get('net', 'value');
    const problem = shapeProblem(drawn, right);
    if (problem) {
      found.push({ aspect, problem, case: given });
      continue;
    }
    const rng = new Random(`${given.seed} net`);
    for (const { value } of right.parameters()) assign(value, rng.normal(value.shape, { dtype }));
    const parameters = right.parameters().map(({ value }) => value);
    await client.set('net', 'value', parameters);
    const x = rng.normal([N, changes.channels, H, W], { dtype });
    const terms: Record<string, NdArray> = { x };
    for (const [name, { value }] of right.namedParameters()) terms[name] = value;
    const { value } = await client.call('net', 'forward', [x]);
    found.push({ aspect, array: 'out', got: value, want: right.forward(x), terms, case: given });
    if (aspect !== 'out') continue;

    right.eval();
    await client.tell('net', 'eval');
    const inEvaluation = await client.call('net', 'forward', [x]);
    const rest = { array: EVALUATION, got: inEvaluation.value, want: right.forward(x), terms, case: given };
    found.push({ aspect: EVALUATION, ...rest });
    found.push(...initializationOf(drawn, given));
  }
  return found;
}

/** How the shapes of the parameters differ from those of the right net, in a sentence. */
function shapeProblem(arrays: readonly NdArray[], right: ConvNet): string | undefined {
  const wanted = [...right.namedParameters()];
  const text = (shape: readonly number[] | undefined) => (shape ? shapeText(shape) : 'nothing');
  const i = wanted.findIndex(([, { value }], i) => text(value.shape) !== text(arrays[i]?.shape));
  if (i < 0 && arrays.length === wanted.length) return undefined;
  if (i < 0) return `There are ${arrays.length} parameters. Expected ${wanted.length}.`;
  const [name, { value }] = wanted[i];
  return `Parameter ${i} has shape ${text(arrays[i]?.shape)}. Expected ${text(value.shape)}, ${name}.`;
}

/** Checks that weights are drawn as in PyTorch, from ±1/√(fan-in), each from other random numbers. */
function initializationOf(drawn: readonly NdArray[], given: TestCase): TestResult[] {
  const weights = drawn.filter(({ shape }) => shape.length > 1);
  const problem = problemOf(weights);
  const [x, want] = [weights[0], weights[0]];
  return problem
    ? [{ aspect: INITIALIZATION, problem, case: given }]
    : [{ aspect: INITIALIZATION, array: INITIALIZATION, got: x, want, terms: {}, case: given }];
}

function problemOf(weights: readonly NdArray[]): string | undefined {
  const texts = weights.map((weight) => String(flat(weight)));
  if (new Set(texts).size < texts.length) {
    return 'Two layers have the same weights. Pass rng on, so that each draws other numbers.';
  }
  for (const [i, { shape }] of weights.entries()) {
    const bound = 1 / Math.sqrt(shape.slice(1).reduce((product, size) => product * size, 1));
    const most = Math.max(...flat(weights[i]).map(Math.abs));
    // Of 20 weights or more, one is large: all of them are small once in a million times.
    if (most > bound * (1 + 1e-9) || (weights[i].size >= 20 && most < bound / 2)) {
      return `The largest weight of shape ${shapeText(shape)} is ${most.toPrecision(3)}. PyTorch draws from ±${bound.toPrecision(3)}.`;
    }
  }
  return undefined;
}
