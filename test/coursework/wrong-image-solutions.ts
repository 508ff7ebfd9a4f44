import type { RightSolution, WrongSolution } from './wrong-solutions.js';

/**
 * Common mistakes in convolution, pooling and the net of both. Most are loops over single numbers, as students write
 * them; the diagnosis computes the same arrays in another way.
 */

const wrong = (file: string, task: string, diagnosis: string, from: string, to: string, imports?: string) => {
  return { file, change: [from, to], task: `${file}.${task}`, diagnosis, imports } satisfies WrongSolution;
};

const CONV_OUT = 'const out = convolve(x, this.weight.value, this.windows);';
const CONV_BIAS = 'if (this.bias) addInPlace(out, reshape(this.bias.value, [-1, 1, 1]));';
const CONV_DX = 'return imageGradient(this.weight.value, dout, [H, W], this.windows);';
const CONV_DW = 'addInPlace(this.weight.grad, kernelGradient(x, dout, this.kernelSize, this.windows));';
const CONV_DB = 'addInPlace(this.bias.grad, sum(dout, { axis: [0, 2, 3] }))';

/** How a loop over windows, channels and positions of the kernel may differ. */
interface Loops {
  /** The row and the column of the pixel that meets weight (u, v) in window (i, j). */
  row?: string;
  column?: string;
  /** The position of that weight. */
  u?: string;
  v?: string;
  channels?: string;
  /** Whether the element is inside. */
  only?: string;
}

/** Loops around a statement about `dout[n, o, i, j]`, `x[n, c, p, q]` and `weight[o, c, a, b]`. */
function loops(statement: string, { row, column, u, v, channels, only }: Loops = {}, size = '[H, W]'): string {
  return `const { stride: S, padding: P } = this.windows;
    const [KH, KW] = this.kernelSize;
    const [N, O, OH, OW] = dout.shape;
    const C = this.inChannels;
    const [PH, PW] = ${size};
    for (let n = 0; n < N; n++) for (let o = 0; o < ${channels ?? 'O'}; o++)
      for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++)
        for (let c = 0; c < C; c++) for (let u = 0; u < KH; u++) for (let v = 0; v < KW; v++) {
          const [p, q] = [${row ?? 'i * S[0] + u - P[0]'}, ${column ?? 'j * S[1] + v - P[1]'}];
          const [a, b] = [${u ?? 'u'}, ${v ?? 'v'}];
          if (p < 0 || p >= PH || q < 0 || q >= PW || !(${only ?? 'true'})) continue;
          ${statement}
        }`;
}

const SET_AT = 'at, setAt, zeros';

function convDx(changes: Loops, size = '[H, W]'): string {
  const statement =
    'setAt(dx, [n, c, p, q], at(dx, n, c, p, q) + at(dout, n, o, i, j) * at(this.weight.value, o, c, a, b));';
  return `const dx = zeros([dout.shape[0], this.inChannels, ...${size}], 'float64');
    ${loops(statement, changes, size)}
    return dx;`;
}

function convDw(changes: Loops, statement = 'at(dw, o, c, a, b) + at(dout, n, o, i, j) * at(x, n, c, p, q)'): string {
  return `const [, , H, W] = x.shape;
    const dw = zeros(this.weight.value.shape, 'float64');
    ${loops(`setAt(dw, [o, c, a, b], ${statement});`, changes)}
    addInPlace(this.weight.grad, dw);`;
}

/** The output by loops, into an array of the right shape. */
function convOut(changes: Loops): string {
  const statement =
    'setAt(out, [n, o, i, j], at(out, n, o, i, j) + at(x, n, c, p, q) * at(this.weight.value, o, c, a, b));';
  return `const out = zeros(convolve(x, this.weight.value, this.windows).shape, 'float64');
    const dout = out;
    const [, , H, W] = x.shape;
    ${loops(statement, changes)}`;
}

const FLIP: Loops = { u: 'KH - 1 - u', v: 'KW - 1 - v' };
const NO_PADDING: Loops = { row: 'i * S[0] + u', column: 'j * S[1] + v' };
const NO_STRIDE: Loops = { row: 'i + u - P[0]', column: 'j + v - P[1]' };
const LAST_SAMPLE: Loops = { only: 'n === N - 1' };

const CONV: WrongSolution[] = [
  wrong('conv2d', 'forward', 'bias forgotten', CONV_BIAS, ''),
  wrong('conv2d', 'forward', 'bias subtracted', CONV_BIAS, CONV_BIAS.replace('1]))', '1]), -1)')),
  wrong('conv2d', 'forward', 'kernel flipped', CONV_OUT, convOut(FLIP), SET_AT),
  wrong('conv2d', 'forward', 'padding ignored', CONV_OUT, convOut(NO_PADDING), SET_AT),
  wrong('conv2d', 'forward', 'stride ignored', CONV_OUT, convOut(NO_STRIDE), SET_AT),
  wrong('conv2d', 'forward', 'one channel only', CONV_OUT, convOut({ only: 'c === 0' }), SET_AT),
  wrong('conv2d', 'backward', 'kernel not flipped', CONV_DX, convDx(FLIP), SET_AT),
  wrong('conv2d', 'backward', 'padding cropped wrongly', CONV_DX, convDx(NO_PADDING), SET_AT),
  wrong(
    'conv2d',
    'backward',
    'padding cropped wrongly',
    CONV_DX,
    convDx({ row: 'i * S[0] + u - 2 * P[0]', column: 'j * S[1] + v - 2 * P[1]' }),
    SET_AT,
  ),
  wrong(
    'conv2d',
    'backward',
    'padding not cropped',
    CONV_DX,
    convDx(NO_PADDING, '[H + 2 * this.windows.padding[0], W + 2 * this.windows.padding[1]]'),
    SET_AT,
  ),
  wrong('conv2d', 'backward', 'stride ignored', CONV_DX, convDx(NO_STRIDE), SET_AT),
  wrong('conv2d', 'backward', 'one channel only', CONV_DX, convDx({ channels: '1' }), SET_AT),
  wrong(
    'conv2d',
    'backward',
    'overlaps overwritten',
    CONV_DX,
    `const dx = zeros([dout.shape[0], this.inChannels, H, W], 'float64');
    ${loops(
      `let sum = 0;
          for (let k = 0; k < O; k++) sum += at(dout, n, k, i, j) * at(this.weight.value, k, c, u, v);
          setAt(dx, [n, c, p, q], sum);`,
      { channels: '1' },
    )}
    return dx;`,
    SET_AT,
  ),
  wrong('conv2d', 'backward', 'sign', CONV_DX, `return negative(${CONV_DX.slice(7, -1)});`, 'negative'),
  wrong('conv2d', 'backward', 'stride ignored', CONV_DW, convDw(NO_STRIDE), SET_AT),
  wrong('conv2d', 'backward', 'padding ignored', CONV_DW, convDw(NO_PADDING), SET_AT),
  wrong('conv2d', 'backward', 'kernel flipped', CONV_DW, convDw(FLIP), SET_AT),
  wrong('conv2d', 'backward', 'last sample only', CONV_DW, convDw(LAST_SAMPLE), SET_AT),
  wrong(
    'conv2d',
    'backward',
    'last sample only',
    CONV_DW,
    `for (let n = 0; n < x.shape[0]; n++) {
      const [image, gradient] = [slice(x, [n, n + 1]), slice(dout, [n, n + 1])];
      assign(this.weight.grad, kernelGradient(image, gradient, this.kernelSize, this.windows));
    }`,
    'assign, slice',
  ),
  wrong(
    'conv2d',
    'backward',
    'last window only',
    CONV_DW,
    convDw({ only: 'n === N - 1 && i === OH - 1 && j === OW - 1' }),
    SET_AT,
  ),
  wrong('conv2d', 'backward', 'overwritten', CONV_DW, CONV_DW.replace('addInPlace', 'assign'), 'assign'),
  wrong('conv2d', 'backward', 'over N', CONV_DW, CONV_DW.replace('));', '), 1 / x.shape[0]);')),
  wrong(
    'conv2d',
    'backward',
    'averaged over windows',
    CONV_DW,
    CONV_DW.replace('));', '), 1 / (dout.shape[2] * dout.shape[3]));'),
  ),
  wrong('conv2d', 'backward', 'averaged over windows', CONV_DB, CONV_DB.replace('sum', 'mean'), 'mean'),
  wrong(
    'conv2d',
    'backward',
    'last sample only',
    CONV_DB,
    'addInPlace(this.bias.grad, sum(slice(dout, [dout.shape[0] - 1, dout.shape[0]]), { axis: [0, 2, 3] }))',
    'slice',
  ),
  wrong('conv2d', 'backward', 'zeros', `if (this.bias) ${CONV_DB};`, ''),
  ...[
    [0, 1, 2],
    [0, 1, 3],
    [1, 2, 3],
  ].map((axes) => wrong('conv2d', 'backward', 'wrong axes', '{ axis: [0, 2, 3] }', `{ axis: [${axes}] }`)),
];

const MAX_OUT = 'const { out, indices } = maximaOf(x, kernelSize, windows);';
const MAX_DX = 'return maximaGradient(dout, indices, [x.shape[2], x.shape[3]]);';
const AVG_OUT = 'const out = averagesOf(x, kernelSize, windows);';
const AVG_DX = 'return averagesGradient(dout, [H, W], kernelSize, windows);';

/**
 * Loops over windows, with the pixels of each on the image as \`places\`.
 *
 * @param body what to do with a window: its output is n, c, i, j
 */
function overWindows(body: string, { row = 'i * S[0] - P[0]', column = 'j * S[1] - P[1]' } = {}): string {
  return `const { kernelSize: K, stride: S, padding: P } = this.pooling;
    for (let n = 0; n < N; n++) for (let c = 0; c < C; c++)
      for (let i = 0; i < OH; i++) for (let j = 0; j < OW; j++) {
        const places: [number, number][] = [];
        for (let u = 0; u < K[0]; u++) for (let v = 0; v < K[1]; v++) {
          const [p, q] = [${row} + u, ${column} + v];
          if (p >= 0 && p < H && q >= 0 && q < W) places.push([p, q]);
        }
        ${body}
      }`;
}

/** dx by loops: each place gets a share of its window's gradient. */
function poolDx(
  share: string,
  more: { row?: string; column?: string } = {},
  overwrite = false,
  x = 'this.input',
): string {
  return `const input = ${x};
    const [N, C, H, W] = input.shape;
    const [, , OH, OW] = dout.shape;
    const dx = zeros([N, C, H, W], 'float64');
    ${overWindows(
      `const most = Math.max(...places.map(([p, q]) => at(input, n, c, p, q)));
        const first = places.findIndex(([p, q]) => at(input, n, c, p, q) === most);
        for (const [k, [p, q]] of places.entries()) {
          const share = ${share};
          void first;
          if (share !== 0) setAt(dx, [n, c, p, q], ${overwrite ? '0' : 'at(dx, n, c, p, q)'} + share * at(dout, n, c, i, j));
        }`,
      more,
    )}
    return dx;`;
}

/** A change of `backward` of max pooling, which also keeps x in `forward`. */
const maxDx = (diagnosis: string, ...dx: Parameters<typeof poolDx>): WrongSolution => ({
  file: 'maxpool2d',
  task: 'maxpool2d.backward',
  diagnosis,
  change: [MAX_DX, `void indices;\n    ${poolDx(...dx)}`],
  and: KEEP_MAX_INPUT,
});
const avgDx = (diagnosis: string, ...dx: Parameters<typeof poolDx>): WrongSolution => ({
  file: 'avgpool2d',
  task: 'avgpool2d.backward',
  diagnosis,
  change: [AVG_DX, `void [H0, W0];\n    void kernelSize;\n    void windows;\n    ${poolDx(...dx)}`],
  imports: 'at, setAt, zeros',
  and: KEEP_AVG_INPUT,
});
const KEEP_MAX_INPUT: WrongSolution['and'] = [
  ['private cache', 'private input!: NdArray;\n  private cache'],
  [MAX_OUT, `this.input = x;\n    ${MAX_OUT}`],
];
const KEEP_AVG_INPUT: WrongSolution['and'] = [
  ['private cache', 'private input!: NdArray;\n  private cache'],
  [AVG_OUT, `this.input = x;\n    ${AVG_OUT}`],
  ['const [, , H, W] = this.cached', 'const [, , H0, W0] = this.cached'],
];

/** The output of a pooling by loops. */
function poolOut(value: string, more: { row?: string; column?: string } = {}): string {
  return `const [N, C, H, W] = x.shape;
    const [, , OH, OW] = out.shape;
    ${overWindows(
      `const values = places.map(([p, q]) => at(x, n, c, p, q));
        const sum = values.reduce((a, b) => a + b, 0);
        void sum;
        setAt(out, [n, c, i, j], ${value});`,
      more,
    )}`;
}

const DENSE = { row: 'i - P[0]', column: 'j - P[1]' };
const UNPADDED = { row: 'i * S[0]', column: 'j * S[1]' };
const PADS = 'places.length < K[0] * K[1]';

const MAX: WrongSolution[] = [
  ['padding wins', `Math.max(...values, ...(${PADS} ? [0] : []))`],
  ['average', 'sum / (K[0] * K[1])'],
  ['minimum', 'Math.min(...values)'],
  ['stride ignored', 'Math.max(...values)', DENSE],
  ['padding ignored', 'Math.max(...values)', UNPADDED],
].map(([diagnosis, value, more]) =>
  wrong('maxpool2d', 'forward', String(diagnosis), MAX_OUT, `${MAX_OUT}\n    ${poolOut(String(value), Object(more))}`),
);

const AVG: WrongSolution[] = [
  ['divisor without padding', 'sum / values.length'],
  ['not divided', 'sum'],
  ['maximum', 'Math.max(...values)'],
  ['stride ignored', 'sum / (K[0] * K[1])', DENSE],
  ['padding ignored', 'sum / (K[0] * K[1])', UNPADDED],
].map(([diagnosis, value, more]) =>
  wrong(
    'avgpool2d',
    'forward',
    String(diagnosis),
    AVG_OUT,
    `${AVG_OUT}\n    ${poolOut(String(value), Object(more))}`,
    'at, setAt',
  ),
);

const FIRST = '(k === first ? 1 : 0)';
const EQUAL = '(at(input, n, c, p, q) === most ? 1 : 0)';
const SHARE = '1 / (K[0] * K[1])';

const GAP_DX = 'const share = multiply(dout, 1 / (H * W));';
const RES_OUT = 'return add(straight, difference);';
const RES_DX = 'return add(straight, this.inner.backward(dout));';
const BLOCK =
  'return new Residual(new Sequential(norm, new ReLU(), new Conv2d(width, width, 3, { padding: 1, rng, dtype })));';
const BLOCK_CONV = 'const conv = new Conv2d(width, width, 3, { padding: 1, rng, dtype });';
const NET_POOL = 'new MaxPool2d(3, { stride: 2, padding: 1 }),';
const NET_POINTWISE = '...(stage < 3 ? [new Conv2d(width, widths[stage + 1], 1, { rng, dtype })] : []),';

const net = (diagnosis: string, from: string, to: string, imports?: string): WrongSolution => ({
  file: 'convnet',
  task: 'convnet.layers',
  diagnosis,
  change: [from, to],
  imports,
});

const CONVNET: WrongSolution[] = [
  wrong('globalavgpool2d', 'forward', 'not divided', 'mean(x, { axis: [2, 3] })', 'sum(x, { axis: [2, 3] })', 'sum'),
  wrong(
    'globalavgpool2d',
    'forward',
    'maximum',
    'mean(x, { axis: [2, 3] })',
    'max(max(x, { axis: 2 }), { axis: 2 })',
    'max',
  ),
  wrong('globalavgpool2d', 'forward', 'axes kept', '{ axis: [2, 3] }', '{ axis: [2, 3], keepDims: true }'),
  wrong('globalavgpool2d', 'backward', 'not divided', GAP_DX, 'const share = dout;'),
  wrong('globalavgpool2d', 'backward', 'divided twice', GAP_DX, GAP_DX.replace('(H * W)', '(H * W) ** 2')),
  wrong('globalavgpool2d', 'backward', 'averaged over the batch', GAP_DX, GAP_DX.replace('(H * W)', '(N * H * W)')),
  wrong('residual', 'forward', 'x forgotten', RES_OUT, 'return difference;'),
  wrong('residual', 'forward', 'inner layer forgotten', RES_OUT, 'return add(straight, 0);'),
  wrong('residual', 'forward', 'shortcut ignored', RES_OUT, 'return add(x, difference);'),
  wrong('residual', 'forward', 'subtracted', RES_OUT, 'return subtract(difference, straight);', 'subtract'),
  wrong('residual', 'backward', 'straight way forgotten', RES_DX, 'return this.inner.backward(dout);'),
  wrong('residual', 'backward', 'inner way forgotten', RES_DX, 'this.inner.backward(dout);\n    return straight;'),
  wrong('residual', 'backward', 'shortcut ignored', RES_DX, RES_DX.replace('straight', 'dout')),
  net('no way around the blocks', BLOCK, BLOCK.replace('new Residual(', '(')),
  net('no activation in the blocks', BLOCK, BLOCK.replace('new ReLU(), ', '')),
  net('activation before the norm', BLOCK, BLOCK.replace('norm, new ReLU()', 'new ReLU(), norm')),
  net(
    'activation after the sum',
    BLOCK,
    `${BLOCK_CONV}\n  return new Sequential(new Residual(new Sequential(norm, conv)), new ReLU());`,
  ),
  net(
    'activation after the sum',
    BLOCK,
    `${BLOCK_CONV}\n  return new Sequential(new Residual(new Sequential(norm, new ReLU(), conv)), new ReLU());`,
  ),
  net('average pooling', NET_POOL, NET_POOL.replace('Max', 'Avg'), 'AvgPool2d'),
  net(
    'activation after a convolution',
    'new Conv2d(channels, widths[0], 3, { padding: 1, rng, dtype }),',
    'new Conv2d(channels, widths[0], 3, { padding: 1, rng, dtype }),\n    new ReLU(),',
  ),
  net('activation after a convolution', NET_POINTWISE, NET_POINTWISE.replace(')] :', '), new ReLU()] :')),
  {
    ...net('pooling before the 1×1 convolution', NET_POOL, ''),
    and: [[NET_POINTWISE, `${NET_POOL}\n      ${NET_POINTWISE}`]],
  },
  net('no activation at the end', 'new ReLU(),\n    new GlobalAvgPool2d()', 'new GlobalAvgPool2d()'),
  net(
    'activation before the norm',
    'new BatchNorm2d(last, { dtype }),\n    new ReLU(),',
    'new ReLU(),\n    new BatchNorm2d(last, { dtype }),',
  ),
  net('softmax at the end', "init: 'pytorch', rng, dtype }),", "init: 'pytorch', rng, dtype }),\n    new Softmax(),"),
];

/** Wrong solutions of the assignments `conv` and `convnet`. */
export const WRONG_IMAGE_SOLUTIONS: readonly WrongSolution[] = [
  ...CONV,
  ...MAX,
  maxDx('all maxima', EQUAL),
  maxDx('shared among maxima', `${EQUAL} / places.filter(([y, z]) => at(input, n, c, y, z) === most).length`),
  maxDx('last maximum', '(k === places.findLastIndex(([y, z]) => at(input, n, c, y, z) === most) ? 1 : 0)'),
  maxDx('every pixel', '1'),
  maxDx('average', SHARE),
  maxDx('padding wins', `(k === first && !(most < 0 && ${PADS}) ? 1 : 0)`),
  maxDx('dout forgotten', `(k === first ? 1 / at(dout, n, c, i, j) : 0)`),
  maxDx('times the maximum', `(k === first ? most : 0)`),
  maxDx('stride ignored', FIRST, DENSE),
  maxDx('overlaps overwritten', FIRST, {}, true),
  ...AVG,
  avgDx('divisor without padding', '1 / places.length'),
  avgDx('not divided', '1'),
  avgDx('divided twice', '1 / (K[0] * K[1]) ** 2'),
  avgDx('to the maximum', FIRST),
  avgDx('first pixel only', `(k === 0 ? ${SHARE} : 0)`),
  avgDx('stride ignored', SHARE, DENSE),
  avgDx('padding cropped wrongly', SHARE, UNPADDED),
  avgDx('overlaps overwritten', SHARE, {}, true),
  ...CONVNET,
];

/** Right solutions with loops over single numbers. */
export const RIGHT_WITH_LOOPS: readonly RightSolution[] = [
  {
    name: 'convolution by loops',
    file: 'conv2d',
    change: [CONV_DX, convDx({})],
    and: [
      [CONV_OUT, convOut({})],
      [CONV_DW, convDw({})],
    ],
    imports: SET_AT,
  },
  {
    name: 'max pooling by loops',
    file: 'maxpool2d',
    change: [MAX_DX, `void indices;\n    ${poolDx(FIRST)}`],
    and: KEEP_MAX_INPUT,
  },
  {
    name: 'average pooling by loops',
    file: 'avgpool2d',
    change: [AVG_DX, `void [H0, W0];\n    void kernelSize;\n    void windows;\n    ${poolDx(SHARE)}`],
    and: KEEP_AVG_INPUT,
    imports: 'at, setAt, zeros',
  },
];
