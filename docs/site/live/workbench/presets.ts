import ts from 'typescript';
import { readText } from '../../site.js';
import type { Exercise } from './exercise.js';

/** A layer of the library in the editor, and how it is checked there. */
interface Preset {
  file: string;
  call: string;
}

const PRESETS: Readonly<Record<string, Preset>> = {
  ELU: { file: 'elu', call: 'check(new ELU({ alpha: 0.7 }), normal([3, 5]));' },
  ReLU: { file: 'relu', call: 'check(new ReLU(), normal([3, 5]));' },
  Tanh: { file: 'tanh', call: 'check(new Tanh(), normal([3, 5]));' },
  GELU: { file: 'gelu', call: 'check(new GELU(), normal([3, 5]));' },
  Softmax: { file: 'softmax', call: 'check(new Softmax(), normal([3, 5]));' },
  Linear: {
    file: 'linear',
    call: "check(new Linear(5, 4, { init: 'xavier', dtype }), normal([3, 5]));",
  },
  LayerNorm: {
    file: 'layer-norm',
    call: 'const layer = new LayerNorm(5, { dtype });\nassign(layer.gamma.value, normal([5]));\ncheck(layer, normal([3, 5]));',
  },
  BatchNorm1d: {
    file: 'batch-norm',
    call: 'const layer = new BatchNorm1d(3, { dtype });\nassign(layer.gamma.value, normal([3]));\ncheck(layer, normal([5, 3]));',
  },
  GroupNorm: {
    file: 'group-norm',
    call: 'const layer = new GroupNorm(2, 6, { dtype });\nassign(layer.gamma.value, normal([6]));\ncheck(layer, normal([3, 6]));',
  },
  InstanceNorm: {
    file: 'instance-norm',
    call: 'const layer = new InstanceNorm(2, { dtype });\nassign(layer.gamma.value, normal([2]));\ncheck(layer, normal([3, 2, 4]));',
  },
  Conv2d: { file: 'conv2d', call: 'check(new Conv2d(2, 3, 2, { dtype }), normal([2, 2, 3, 4]));' },
  MaxPool2d: { file: 'max-pool2d', call: 'check(new MaxPool2d(2), normal([2, 1, 4, 4]));' },
  AvgPool2d: { file: 'avg-pool2d', call: 'check(new AvgPool2d(2), normal([2, 1, 4, 4]));' },
};

/** The class of a layer as JavaScript: the source without types, imports and documentation. */
function plainClass(file: string): string {
  const source = readText(`src/layers/${file}.ts`)
    .replace(/^import[\s\S]*?;\n/gm, '')
    .replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '');
  const { target, module } = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target, module } });
  return outputText
    .replace(/^export /gm, '')
    .replace(/^( {4})+/gm, (indent) => indent.slice(indent.length / 2))
    .replace(/^ {2}\}\n(?= {2}\S)/gm, '  }\n\n')
    .trim();
}

/** Wrong versions of the layers, from easy to hard: in the code of the layer, `from` becomes `to`. */
const PUZZLES: readonly { layer: string; from: string; to: string; hint: string }[] = [
  { layer: 'ReLU', from: '(value <= 0 ? 0 : d)', to: '(value <= 0 ? d : 0)', hint: 'Which inputs does ReLU let pass?' },
  { layer: 'Tanh', from: 'd * (1 - y) * (1 + y)', to: 'd * (1 - y)', hint: 'The slope of tanh is 1 − y².' },
  {
    layer: 'ELU',
    from: '\n    multiplyInPlace(dx, dout);',
    to: '',
    hint: 'A slope alone is not yet a gradient of the loss.',
  },
  {
    layer: 'ELU',
    from: '(value > 0 ? 1 : alpha * Math.exp(value))',
    to: '(value > 0 ? 1 : Math.exp(value))',
    hint: 'With α = 1 nobody would notice.',
  },
  {
    layer: 'Linear',
    from: 'sum(dout, { axis: 0 })',
    to: 'mean(dout, { axis: 0 })',
    hint: 'The loss is already a mean, where it is one. What does the chain rule do with several paths?',
  },
  {
    layer: 'Linear',
    from: 'addMatmulInPlace(this.weight.grad, transpose(dout), x)',
    to: 'assign(this.weight.grad, matmul(transpose(dout), x))',
    hint: 'What if backward is called twice before the step?',
  },
  {
    layer: 'GELU',
    from: '1 + 3 * A * near * near',
    to: '1 + A * near * near',
    hint: 'Differentiate x + A x³.',
  },
  {
    layer: 'Softmax',
    from: 'subtract(dout, inner)',
    to: 'dout',
    hint: 'Every output depends on every input of its row. Try a dout of ones, too.',
  },
  {
    layer: 'Softmax',
    from: 'sum(multiply(dout, probs), { axis: -1, keepDims: true })',
    to: 'mean(multiply(dout, probs), { axis: -1, keepDims: true })',
    hint: 'Is it an average over classes, or one weighted by probabilities?',
  },
  {
    layer: 'LayerNorm',
    from: 'multiply(dout, this.gamma.value)',
    to: 'multiply(dout, 1)',
    hint: 'What is between x̂ and the output?',
  },
  {
    layer: 'LayerNorm',
    from: '\n    subtractInPlace(dx, multiply(xHat, stretch)); // (N, D)',
    to: '',
    hint: 'x reaches the output in three ways: directly, through the mean, and through the variance.',
  },
  {
    layer: 'LayerNorm',
    from: 'mean(dxHat, { axis: -1, keepDims: true })',
    to: 'mean(dxHat, { axis: 0, keepDims: true })',
    hint: 'Over which axis was the mean of forward?',
  },
  {
    layer: 'BatchNorm1d',
    from: 'multiply(reshape(dGamma, rstd.shape), 1 / N)',
    to: 'multiply(reshape(dGamma, rstd.shape), 1 / (N - 1))',
    hint: 'Which variance does forward use, the biased one or the unbiased one?',
  },
  {
    layer: 'MaxPool2d',
    from: 'this.cache = { x: { shape: x.shape }, out: { shape: out.shape, dtype: out.dtype }, indices };',
    to: 'this.cache = { x: { shape: x.shape }, out: { shape: out.shape, dtype: out.dtype }, indices: maxPool2d(negative(x), kernelSize, windows).indices };',
    hint: 'Which pixel of a window had a part in the output?',
  },
];

const EMPTY = `class Mine extends Module {
  forward(x) {
    this.x = x;
    return multiply(x, x);
  }

  backward(dout) {
    // dL/dx = dL/dout times the derivative of x squared.
    return dout;
  }
}

check(new Mine(), normal([3, 5]));`;

/** Everything that the editor can start with: puzzles, the layers of the library, and a layer of your own. */
export function exercises(): Exercise[] {
  const code = (layer: string) => `${plainClass(PRESETS[layer].file)}\n\n${PRESETS[layer].call}`;
  const kindOf = (layer: string) => layer.toLowerCase().replace(/1d$/, '');
  const puzzles = PUZZLES.map(({ layer, from, to, hint }, i): Exercise => {
    const right = code(layer);
    if (right.split(from).length !== 2) throw new Error(`puzzle ${i + 1}: ${layer} has not exactly one ${from}`);
    const title = `Puzzle ${i + 1}: ${layer}`;
    return { group: 'Find the bug', title, kind: kindOf(layer), code: right.replace(from, () => to), right, hint };
  });
  const layers = Object.keys(PRESETS).map(
    (layer): Exercise => ({ group: 'Layers of the library', title: layer, kind: kindOf(layer), code: code(layer) }),
  );
  return [...puzzles, ...layers, { group: 'Your own', title: 'A layer of your own', kind: 'own', code: EMPTY }];
}
