import {
  add,
  assign,
  broadcastTo,
  max,
  mean,
  multiply,
  type NdArray,
  reshape,
  subtract,
  sum,
} from '../../array/index.js';
import { AvgPool2d } from '../../layers/avg-pool2d.js';
import { BatchNorm2d } from '../../layers/batch-norm2d.js';
import { Conv2d } from '../../layers/conv2d.js';
import { GlobalAvgPool2d } from '../../layers/global-avg-pool2d.js';
import type { Layer } from '../../layers/layer.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Linear } from '../../layers/linear.js';
import { MaxPool2d } from '../../layers/max-pool2d.js';
import { ReLU } from '../../layers/relu.js';
import { Residual } from '../../layers/residual.js';
import { Sequential } from '../../layers/sequential.js';
import { Softmax } from '../../layers/softmax.js';
import { Tanh } from '../../layers/tanh.js';
import { BLOCKS } from '../../models/convnet.js';
import type { Observation, Terms } from '../grading/observation.js';
import type { Hypothesis } from './hypothesis.js';
import { mistakeIn, tryFormula } from './matrix-mistakes.js';

/** Mistakes in the convolutional net and in what it consists of. */

const dtype = 'float64';

const pixels = ({ x }: Terms) => x.shape[2] * x.shape[3];
const overPixels = ({ x, dout }: Terms, share: number) =>
  multiply(broadcastTo(reshape(dout, [...dout.shape, 1, 1]), x.shape), share);

const GLOBAL_AVG_POOL: Hypothesis[] = [
  mistakeIn('out', 'not divided', 'This is the sum. Divide it by the number of pixels, H · W.', ({ x }) =>
    sum(x, { axis: [2, 3] }),
  ),
  mistakeIn('out', 'maximum', 'This is the maximum of each channel, not the average.', ({ x }) =>
    max(max(x, { axis: 3 }), { axis: 2 }),
  ),
  mistakeIn(
    'out',
    'axes kept',
    'The values are right. The shape should be (N, C), without the axes of size 1.',
    ({ x }) => mean(x, { axis: [2, 3], keepDims: true }),
  ),
  mistakeIn('dx', 'not divided', 'Every pixel gets the whole gradient. Its share is 1/(H · W).', (terms) =>
    overPixels(terms, 1),
  ),
  mistakeIn('dx', 'divided twice', 'This is divided by H · W twice.', (terms) =>
    overPixels(terms, pixels(terms) ** -2),
  ),
  mistakeIn(
    'dx',
    'averaged over the batch',
    'This is divided by N as well. Samples are independent here.',
    (terms, N) => overPixels(terms, 1 / (N * pixels(terms))),
  ),
];

/** The inner layer and the shortcut of a test of `Residual`, after a forward. */
function paths({ terms, case: given }: Observation): { inner: Layer; shortcut?: Layer; out: [NdArray, NdArray] } {
  const { x } = terms;
  const inner = new LayerNorm(x.shape[1], { dtype });
  assign(inner.gamma.value, terms['inner.gamma']);
  assign(inner.beta.value, terms['inner.beta']);
  const shortcut = given.options.shortcut ? new Tanh() : undefined;
  return { inner, shortcut, out: [inner.forward(x), shortcut ? shortcut.forward(x) : x] };
}

function pathMistake(array: string, id: string, text: string, wrong: (seen: Observation) => NdArray): Hypothesis {
  return { id, text, candidate: (seen) => (seen.array === array ? tryFormula(() => wrong(seen)) : undefined) };
}

const RESIDUAL: Hypothesis[] = [
  pathMistake('out', 'x forgotten', 'This is f(x) alone. Add the input, or what the shortcut makes of it.', (seen) => {
    return paths(seen).out[0];
  }),
  pathMistake('out', 'shortcut ignored', 'This is x + f(x). Where there is a shortcut, it is g(x) + f(x).', (seen) => {
    return add(seen.terms.x, paths(seen).out[0]);
  }),
  pathMistake('out', 'inner layer forgotten', 'This is g(x) alone. Add what the inner layer computes.', (seen) => {
    return paths(seen).out[1];
  }),
  pathMistake('out', 'subtracted', 'This is f(x) − g(x). Add the two.', (seen) => subtract(...paths(seen).out)),
  pathMistake(
    'dx',
    'straight way forgotten',
    'This is the gradient through the inner layer alone. Add the one that goes around it.',
    (seen) => paths(seen).inner.backward(seen.terms.dout),
  ),
  pathMistake(
    'dx',
    'inner way forgotten',
    'This is the gradient around the inner layer alone. Add the one that goes through it.',
    (seen) => paths(seen).shortcut?.backward(seen.terms.dout) ?? seen.terms.dout,
  ),
  pathMistake(
    'dx',
    'shortcut ignored',
    'The gradient around the inner layer is dout itself here. It must go back through the shortcut.',
    (seen) => add(seen.terms.dout, paths(seen).inner.backward(seen.terms.dout)),
  ),
];

/** What is wrong with a net. Its parameters have the right order. */
interface WrongNet {
  block?: (norm: Layer, conv: Layer) => Layer;
  pool?: () => Layer;
  afterFirst?: Layer[];
  afterPointwise?: () => Layer[];
  poolFirst?: boolean;
  end?: (norm: Layer) => Layer[];
  last?: Layer[];
}

/** The output of a net with the parameters of an observation. */
function outputOf({ terms }: Observation, wrong: WrongNet): NdArray {
  const { x, ...parameters } = terms;
  const values = Object.values(parameters);
  const makeBlock = wrong.block ?? ((norm, conv) => new Residual(new Sequential(norm, new ReLU(), conv)));
  const makePool = wrong.pool ?? (() => new MaxPool2d(3, { stride: 2, padding: 1 }));
  const makeEnd = wrong.end ?? ((norm) => [norm, new ReLU()]);
  const layers: Layer[] = [
    new Conv2d(x.shape[1], values[0].shape[0], 3, { padding: 1, dtype }),
    ...(wrong.afterFirst ?? []),
  ];
  let width = values[0].shape[0];
  const kernels = values.filter(({ shape }) => shape.length === 4).map(({ shape }) => shape);
  for (const [stage, count] of BLOCKS.entries()) {
    for (let i = 0; i < count; i++) {
      layers.push(makeBlock(new BatchNorm2d(width, { dtype }), new Conv2d(width, width, 3, { padding: 1, dtype })));
    }
    const next = stage < 3 ? kernels.filter(([, , KH]) => KH === 1)[stage][0] : width;
    const pointwise = stage < 3 ? [new Conv2d(width, next, 1, { dtype }), ...(wrong.afterPointwise?.() ?? [])] : [];
    layers.push(...(wrong.poolFirst ? [makePool(), ...pointwise] : [...pointwise, makePool()]));
    width = next;
  }
  const classes = values[values.length - 1].shape[0];
  layers.push(
    ...makeEnd(new BatchNorm2d(width, { dtype })),
    new GlobalAvgPool2d(),
    new Linear(width, classes, { dtype }),
  );
  const net = new Sequential(...layers, ...(wrong.last ?? []));
  for (const [i, { value }] of net.parameters().entries()) assign(value, values[i]);
  return net.forward(x);
}

const NETS: [id: string, text: string, wrong: WrongNet][] = [
  [
    'no way around the blocks',
    'The blocks do not add their input. A block is x + conv(ReLU(norm(x))).',
    { block: (norm, conv) => new Sequential(norm, new ReLU(), conv) },
  ],
  [
    'no activation in the blocks',
    'There is no activation in the blocks. A block is x + conv(ReLU(norm(x))).',
    { block: (norm, conv) => new Residual(new Sequential(norm, conv)) },
  ],
  [
    'activation before the norm',
    'In the blocks the activation comes before the norm. A block is x + conv(ReLU(norm(x))).',
    { block: (norm, conv) => new Residual(new Sequential(new ReLU(), norm, conv)) },
  ],
  [
    'activation after the sum',
    'The blocks end with an activation, so the way around them is not the identity. A block is x + conv(ReLU(norm(x))).',
    { block: (norm, conv) => new Sequential(new Residual(new Sequential(norm, conv)), new ReLU()) },
  ],
  [
    'activation after the sum',
    'The blocks have a second activation at their end. A block is x + conv(ReLU(norm(x))).',
    { block: (norm, conv) => new Sequential(new Residual(new Sequential(norm, new ReLU(), conv)), new ReLU()) },
  ],
  [
    'average pooling',
    'The stages end with average pooling. They should end with max pooling.',
    { pool: () => new AvgPool2d(3, { stride: 2, padding: 1 }) },
  ],
  [
    'activation after a convolution',
    'There is an activation after the first convolution. The activation stands at the beginning of a block.',
    { afterFirst: [new ReLU()] },
  ],
  [
    'activation after a convolution',
    'There is an activation after the 1×1 convolutions. The activation stands at the beginning of a block.',
    { afterPointwise: () => [new ReLU()] },
  ],
  [
    'pooling before the 1×1 convolution',
    'Pooling comes before the 1×1 convolution. It should end the stage.',
    { poolFirst: true },
  ],
  [
    'no activation at the end',
    'There is no activation between the last norm and the linear layer.',
    { end: (norm) => [norm] },
  ],
  [
    'activation before the norm',
    'At the end the activation comes before the norm. The order is norm, ReLU, average, linear.',
    { end: (norm) => [new ReLU(), norm] },
  ],
  [
    'softmax at the end',
    'There is a softmax at the end. Return the logits: the loss contains the softmax.',
    { last: [new Softmax()] },
  ],
];

const CONVNET: Hypothesis[] = NETS.map(([id, text, wrong]) =>
  pathMistake('out', id, text, (seen) => outputOf(seen, wrong)),
);

/** Mistakes by file. */
export const CONVNET_MISTAKES: Readonly<Record<string, readonly Hypothesis[]>> = {
  globalavgpool2d: GLOBAL_AVG_POOL,
  residual: RESIDUAL,
  convnet: CONVNET,
};
