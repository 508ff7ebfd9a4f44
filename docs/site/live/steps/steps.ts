import { factor, short } from '../text.js';
import type { ArrayName, Numbers, Pass } from './net.js';

/** A column of the picture of the net. */
export type Column = 'x' | 'z' | 'h' | 's' | 'y' | 'loss';

/** One step of the walk through the net. */
export interface Step {
  title: string;
  /** What happens, in Markdown. */
  words: string;
  /** The formula, in TeX. */
  tex?: string;
  /** The lines of the library that do it: they contain these words. */
  source?: { file: string; method: string; lines: readonly string[] };
  /** The columns whose values or gradients this step computes. */
  columns: readonly Column[];
  /** The parameters that this step reads or computes gradients for. */
  arrays: readonly ArrayName[];
  /** The formula with its numbers, one line per result. */
  rows: (numbers: Numbers, pass: Pass) => string[];
}

const INDEX = ['₁', '₂', '₃'];
const numbered = (values: readonly number[], line: (value: number, i: number) => string) => values.map(line);

/** a₁ × b₁ + a₂ × b₂ */
function products(a: readonly number[], b: readonly number[]): string {
  return a.map((value, i) => `${factor(value)} × ${factor(b[i])}`).join(' + ');
}

const column = (matrix: readonly number[][], i: number) => matrix.map((row) => row[i]);

/** The rows of the gradient of a weight, one per weight. */
function outer(name: string, dout: readonly number[], input: readonly number[], of: string, by: string): string[] {
  return dout.flatMap((d, m) =>
    input.map(
      (x, i) =>
        `d${name}${INDEX[m]}${INDEX[i]} = d${of}${INDEX[m]} × ${by}${INDEX[i]} = ${factor(d)} × ${factor(x)} = ${short(d * x)}`,
    ),
  );
}

/** The steps in order: forward to step FORWARD, backward to step BACKWARD, then the update. */
export const STEPS: readonly Step[] = [
  {
    title: 'One sample',
    words:
      'The net has two inputs, three hidden units and two classes. The sample is $x$, and its target $T$ is 1 for the true class. Every number can be changed below the picture.',
    columns: ['x'],
    arrays: ['x'],
    rows: ({ x, targets }) => [`x = (${x.map(short).join(', ')})`, `T = (${targets.map(short).join(', ')})`],
  },
  {
    title: 'Forward: the first linear layer',
    words: 'Each hidden unit is a weighted sum of the inputs, plus its bias.',
    tex: 'z = W x + b',
    source: {
      file: 'src/layers/linear.ts',
      method: 'forward',
      lines: ['matmul(x, transpose(this.weight.value))', 'addInPlace(out, this.bias.value)'],
    },
    columns: ['z'],
    arrays: ['weight1', 'bias1'],
    rows: ({ x, weight1, bias1 }, { z }) =>
      numbered(z, (value, m) => `z${INDEX[m]} = ${products(weight1[m], x)} + ${factor(bias1[m])} = ${short(value)}`),
  },
  {
    title: 'Forward: ELU',
    words: 'Positive numbers pass unchanged. Negative ones are bent toward −1.',
    tex: 'h_m = \\begin{cases} z_m & z_m > 0 \\\\ e^{z_m} - 1 & z_m \\le 0 \\end{cases}',
    source: { file: 'src/layers/elu.ts', method: 'forward', lines: ['const h = (value: number)', 'return map(x, h'] },
    columns: ['h'],
    arrays: [],
    rows: (_, { z, h }) =>
      numbered(h, (value, m) =>
        z[m] > 0
          ? `h${INDEX[m]} = z${INDEX[m]} = ${short(value)}`
          : `h${INDEX[m]} = exp(${short(z[m])}) − 1 = ${short(value)}`,
      ),
  },
  {
    title: 'Forward: the second linear layer',
    words:
      'The same code as in the first layer, with its own weights. The results are the logits, one score per class.',
    tex: 's = V h + c',
    source: {
      file: 'src/layers/linear.ts',
      method: 'forward',
      lines: ['matmul(x, transpose(this.weight.value))', 'addInPlace(out, this.bias.value)'],
    },
    columns: ['s'],
    arrays: ['weight2', 'bias2'],
    rows: ({ weight2, bias2 }, { h, s }) =>
      numbered(s, (value, c) => `s${INDEX[c]} = ${products(weight2[c], h)} + ${factor(bias2[c])} = ${short(value)}`),
  },
  {
    title: 'Forward: softmax',
    words: 'The scores become probabilities that sum to 1.',
    tex: 'y_c = \\frac{e^{s_c}}{\\sum_k e^{s_k}}',
    source: {
      file: 'src/layers/softmax.ts',
      method: 'forward',
      lines: ['const shifted =', 'const exponentials =', 'return divide(exponentials'],
    },
    columns: ['y'],
    arrays: [],
    rows: (_, { s, y }) =>
      numbered(y, (value, c) => {
        const terms = s.map((score) => `exp(${short(score)})`);
        return `y${INDEX[c]} = ${terms[c]} / (${terms.join(' + ')}) = ${short(value)}`;
      }),
  },
  {
    title: 'Forward: the loss',
    words:
      'The cross-entropy is $-\\ln$ of the probability of the true class. Everything before exists to make this one number small.',
    tex: 'L = -\\sum_c T_c \\ln y_c',
    source: { file: 'src/losses/cross-entropy.ts', method: 'forward', lines: ['const loss = -sum('] },
    columns: ['loss'],
    arrays: [],
    rows: ({ targets }, { y, loss }) => [
      `L = −(${targets.map((t, c) => `${factor(t)} × ln ${short(y[c])}`).join(' + ')}) = ${short(loss)}`,
    ],
  },
  {
    title: 'Backward: the loss',
    words:
      'Now the way back. The loss says how much it changes with each probability. A $d$ before a name means the gradient of the loss: $dy_c = \\partial L/\\partial y_c$.',
    tex: 'dy_c = -\\frac{T_c}{y_c}',
    source: { file: 'src/losses/cross-entropy.ts', method: 'backward', lines: ['return multiply(divide('] },
    columns: ['y'],
    arrays: [],
    rows: ({ targets }, { y, dy }) =>
      numbered(dy, (value, c) => `dy${INDEX[c]} = −${factor(targets[c])} / ${short(y[c])} = ${short(value)}`),
  },
  {
    title: 'Backward: softmax',
    words:
      'Softmax receives $dy$ as its `dout`. Together with the loss, the result is $y - T$: the prediction minus the target.',
    tex: 'ds_c = y_c \\Big( dy_c - \\sum_k dy_k\\, y_k \\Big)',
    source: {
      file: 'src/layers/softmax.ts',
      method: 'backward',
      lines: ['const inner =', 'return multiply(probs, subtract'],
    },
    columns: ['s'],
    arrays: [],
    rows: (_, { y, dy, ds }) => {
      const inner = dy.reduce((total, value, k) => total + value * y[k], 0);
      return [
        `Σ dy y = ${products(dy, y)} = ${short(inner)}`,
        ...numbered(
          ds,
          (value, c) => `ds${INDEX[c]} = ${short(y[c])} × (${short(dy[c])} − ${factor(inner)}) = ${short(value)}`,
        ),
      ];
    },
  },
  {
    title: 'Backward: the weights of the second linear layer',
    words:
      'The gradient of a weight is the gradient at its end times the value at its beginning. That of a bias is the gradient at its end.',
    tex: 'dV_{cm} = ds_c\\, h_m, \\qquad dc_c = ds_c',
    source: {
      file: 'src/layers/linear.ts',
      method: 'accumulateGradients',
      lines: ['addMatmulInPlace(this.weight.grad', 'addInPlace(this.bias.grad'],
    },
    columns: [],
    arrays: ['weight2', 'bias2'],
    rows: (_, { h, ds }) => [
      ...outer('V', ds, h, 's', 'h'),
      ...numbered(ds, (value, c) => `dc${INDEX[c]} = ds${INDEX[c]} = ${short(value)}`),
    ],
  },
  {
    title: 'Backward: the input of the second linear layer',
    words: 'A hidden unit reaches the loss through both logits. The two ways add up, each with its own weight.',
    tex: 'dh_m = \\sum_c ds_c\\, V_{cm}',
    source: { file: 'src/layers/linear.ts', method: 'backward', lines: ['return matmul(dout, this.weight.value)'] },
    columns: ['h'],
    arrays: ['weight2'],
    rows: ({ weight2 }, { ds, dh }) =>
      numbered(dh, (value, m) => `dh${INDEX[m]} = ${products(ds, column(weight2, m))} = ${short(value)}`),
  },
  {
    title: 'Backward: ELU',
    words: 'Each gradient is multiplied by the slope of ELU at its own input.',
    tex: "dz_m = dh_m \\cdot h'(z_m), \\qquad h'(z) = \\begin{cases} 1 & z > 0 \\\\ e^z & z \\le 0 \\end{cases}",
    source: {
      file: 'src/layers/elu.ts',
      method: 'backward',
      lines: ['const slope = (value: number)', 'const dx = map(x, slope', 'multiplyInPlace(dx, dout)'],
    },
    columns: ['z'],
    arrays: [],
    rows: (_, { z, dh, dz }) =>
      numbered(dz, (value, m) => {
        const slope = z[m] > 0 ? '1' : `exp(${short(z[m])})`;
        return `dz${INDEX[m]} = ${factor(dh[m])} × ${slope} = ${short(value)}`;
      }),
  },
  {
    title: 'Backward: the weights of the first linear layer',
    words: 'The same rule as in the second layer, with this layer’s own $dz$ and $x$.',
    tex: 'dW_{md} = dz_m\\, x_d, \\qquad db_m = dz_m',
    source: {
      file: 'src/layers/linear.ts',
      method: 'accumulateGradients',
      lines: ['addMatmulInPlace(this.weight.grad', 'addInPlace(this.bias.grad'],
    },
    columns: [],
    arrays: ['weight1', 'bias1'],
    rows: ({ x }, { dz }) => [
      ...outer('W', dz, x, 'z', 'x'),
      ...numbered(dz, (value, m) => `db${INDEX[m]} = dz${INDEX[m]} = ${short(value)}`),
    ],
  },
  {
    title: 'Backward: the inputs',
    words: 'Training does not need this gradient, because nobody changes the sample. It says how the loss would react.',
    tex: 'dx_d = \\sum_m dz_m\\, W_{md}',
    source: { file: 'src/layers/linear.ts', method: 'backward', lines: ['return matmul(dout, this.weight.value)'] },
    columns: ['x'],
    arrays: ['weight1', 'x'],
    rows: ({ x, weight1 }, { dz, gradients }) =>
      x.map((_, d) => `dx${INDEX[d]} = ${products(dz, column(weight1, d))} = ${short(Number(gradients.x[d]))}`),
  },
  {
    title: 'The update',
    words: 'Every weight and every bias takes a step against its gradient. The learning rate $\\eta$ says how far.',
    tex: '\\theta \\leftarrow \\theta - \\eta\\, d\\theta',
    source: { file: 'src/optim/sgd.ts', method: 'step', lines: ['addInPlace(value, grad, -learningRate)'] },
    columns: [],
    arrays: ['weight1', 'bias1', 'weight2', 'bias2'],
    rows: ({ weight1, learningRate }, { gradients, updated }) => [
      `W₁₁ ← ${short(weight1[0][0])} − ${short(learningRate)} × ${factor(first(gradients.weight1))} = ${short(updated.weight1[0][0])}`,
      'and in the same way all others',
    ],
  },
  {
    title: 'Forward once more',
    words: 'The same sample through the changed net. This is one step of training.',
    columns: ['loss'],
    arrays: [],
    rows: (_, { loss, nextLoss }) => {
      const change =
        nextLoss < loss
          ? 'The loss went down'
          : nextLoss > loss
            ? 'The loss went up, so the step was too long'
            : 'The loss stayed the same';
      return [`L = ${short(loss)} before the update`, `L = ${short(nextLoss)} after the update`, `${change}.`];
    },
  },
];

/** The last step of the forward pass, and the last of the backward pass. */
export const FORWARD = 5;
export const BACKWARD = 12;

/** The steps after which a column has its value, and after which it has its gradient. */
export const KNOWN: Readonly<Record<Column, readonly [value: number, gradient: number]>> = {
  x: [0, 12],
  z: [1, 10],
  h: [2, 9],
  s: [3, 7],
  y: [4, 6],
  loss: [5, 6],
};

/** The steps after which an array has its gradient. */
export const GRADIENT_KNOWN: Readonly<Record<ArrayName, number>> = {
  x: 12,
  weight1: 11,
  bias1: 11,
  weight2: 8,
  bias2: 8,
};

function first(gradient: number[] | number[][]): number {
  const inner = gradient[0];
  return Array.isArray(inner) ? inner[0] : inner;
}
