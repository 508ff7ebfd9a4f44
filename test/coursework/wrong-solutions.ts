/** A right solution with one change, and the name that the grader must give to the mistake. */
export interface WrongSolution {
  /** The changed file. */
  file: string;
  /** The text to replace, and its replacement. */
  change: [from: string, to: string];
  /** More of them. */
  and?: readonly [from: string, to: string][];
  /** The only task that loses points. */
  task: string;
  /** The name of the mistake. */
  diagnosis: string;
  /** Imports that the change needs. */
  imports?: string;
}

/** A right solution that is written in another way. */
export type RightSolution = Pick<WrongSolution, 'file' | 'change' | 'and' | 'imports'> & { name: string };

const wrong = (file: string, task: string, diagnosis: string, from: string, to: string, imports?: string) => {
  return { file, change: [from, to], task: `${file}.${task}`, diagnosis, imports } satisfies WrongSolution;
};

const LINEAR_OUT = 'matmul(x, transpose(this.weight.value))';
const LINEAR_DW = 'addMatmulInPlace(this.weight.grad, transpose(dout), x);';
const LINEAR_DB = 'addInPlace(this.bias.grad, sum(dout, { axis: 0 }))';
const LINEAR_DX = 'return matmul(dout, this.weight.value);';
const ELU_DX = 'const slope = (value: number) => (value > 0 ? 1 : alpha * Math.exp(value));';
const SOFTMAX_DX = 'return multiply(probs, subtract(dout, inner));';
const LN_OUT = 'const out = multiply(this.gamma.value, xHat);';
const LN_DX = 'const dx = subtract(dxHat, shift);';
const LN_STRETCH = 'subtractInPlace(dx, multiply(xHat, stretch));';
const LN_RSTD = 'multiplyInPlace(dx, rstd);';
const CE_DX = 'return multiply(divide(this.targets, this.clamped), -1 / N);';
const CE_OUT = '-sum(multiply(targets, log(clamped))) / probs.shape[0]';

/** Common mistakes, each in a solution that is right otherwise. */
export const WRONG_SOLUTIONS: readonly WrongSolution[] = [
  wrong('linear', 'forward', 'bias forgotten', 'if (this.bias) addInPlace(out, this.bias.value);', ''),
  wrong(
    'linear',
    'forward',
    'bias subtracted',
    'addInPlace(out, this.bias.value)',
    'addInPlace(out, this.bias.value, -1)',
  ),
  wrong('linear', 'forward', 'sign', LINEAR_OUT, `negative(${LINEAR_OUT})`, 'negative'),
  wrong(
    'linear',
    'backward',
    'over N',
    LINEAR_DW,
    'addMatmulInPlace(this.weight.grad, transpose(dout), multiply(x, 1 / x.shape[0]));',
    'multiply',
  ),
  wrong(
    'linear',
    'backward',
    'sign',
    LINEAR_DW,
    'addMatmulInPlace(this.weight.grad, transpose(dout), multiply(x, -1));',
    'multiply',
  ),
  wrong(
    'linear',
    'backward',
    'constant factor',
    LINEAR_DW,
    'addMatmulInPlace(this.weight.grad, transpose(dout), multiply(x, 2));',
    'multiply',
  ),
  wrong('linear', 'backward', 'over N', LINEAR_DB, 'addInPlace(this.bias.grad, mean(dout, { axis: 0 }))', 'mean'),
  wrong('linear', 'backward', 'zeros', `if (this.bias) ${LINEAR_DB};`, ''),
  wrong('linear', 'backward', 'overwritten', LINEAR_DB, 'assign(this.bias.grad, sum(dout, { axis: 0 }))', 'assign'),
  wrong('linear', 'backward', 'sign', LINEAR_DX, 'return multiply(matmul(dout, this.weight.value), -1);', 'multiply'),
  wrong(
    'linear',
    'backward',
    'times N',
    LINEAR_DX,
    'return multiply(matmul(dout, this.weight.value), dout.shape[0]);',
    'multiply',
  ),
  wrong('linear', 'backward', 'transposed', LINEAR_DX, 'return transpose(matmul(dout, this.weight.value));'),
  wrong(
    'elu',
    'forward',
    'α forgotten',
    "alpha * Math.expm1(value));\n    return map(x, h, { name: 'elu', parameter: alpha })",
    'Math.expm1(value));\n    void alpha;\n    return map(x, h)',
  ),
  wrong('elu', 'forward', '−1 forgotten', 'alpha * Math.expm1(value)', 'alpha * Math.exp(value)'),
  wrong('elu', 'backward', 'dout passed through', ELU_DX, 'const slope = (_: number) => 1;'),
  wrong(
    'elu',
    'backward',
    'α forgotten',
    ELU_DX,
    'const slope = (value: number) => (value > 0 ? 1 : Math.exp(value));',
  ),
  wrong('elu', 'backward', 'branch passes nothing', ELU_DX, 'const slope = (value: number) => (value > 0 ? 1 : 0);'),
  wrong(
    'elu',
    'backward',
    'branches swapped',
    ELU_DX,
    'const slope = (value: number) => (value < 0 ? 1 : alpha * Math.exp(value));',
  ),
  wrong(
    'elu',
    'backward',
    'expm1 for exp',
    ELU_DX,
    'const slope = (value: number) => (value > 0 ? 1 : alpha * Math.expm1(value));',
  ),
  wrong('elu', 'backward', 'dout forgotten', 'multiplyInPlace(dx, dout);', 'multiplyInPlace(dx, 1);'),
  wrong(
    'elu',
    'backward',
    'negative branch',
    ELU_DX,
    'const slope = (value: number) => (value > 0 ? 1 : alpha * 0.9 * Math.exp(value));',
  ),
  wrong(
    'softmax',
    'forward',
    'not finite',
    'subtract(rows, max(rows, { axis: -1, keepDims: true }))',
    'add(rows, 0)',
    'add',
  ),
  wrong(
    'softmax',
    'forward',
    'wrong axis',
    'return copy(probs);',
    'const exponentials = exp(subtract(x, max(x, { axis: -1, keepDims: true })));\n    return divide(exponentials, sum(exponentials, { axis: 0, keepDims: true }));',
  ),
  wrong('softmax', 'backward', 'row sum forgotten', SOFTMAX_DX, 'return multiply(probs, dout);'),
  wrong(
    'softmax',
    'backward',
    'diagonal only',
    SOFTMAX_DX,
    'return multiply(dout, multiply(probs, subtract(1, probs)));',
  ),
  wrong('softmax', 'backward', 'y forgotten', SOFTMAX_DX, 'return subtract(dout, inner);'),
  wrong(
    'softmax',
    'backward',
    'wrong axis',
    'sum(multiply(dout, probs), { axis: -1, keepDims: true })',
    'sum(multiply(dout, probs), { axis: 0, keepDims: true })',
  ),
  wrong(
    'softmax',
    'backward',
    'constant factor',
    SOFTMAX_DX,
    'return multiply(multiply(probs, subtract(dout, inner)), 17);',
  ),
  wrong(
    'softmax',
    'backward',
    'first row only',
    SOFTMAX_DX,
    "return multiply(multiply(probs, subtract(dout, inner)), array(Array.from({ length: dout.shape[0] }, (_, i) => [i === 0 ? 1 : i + 3]), 'float64'));",
    'array',
  ),
  wrong('cross-entropy', 'forward', 'times N', CE_OUT, '-sum(multiply(targets, log(clamped)))'),
  wrong('cross-entropy', 'forward', 'logarithm forgotten', 'log(clamped)', 'clamped'),
  wrong(
    'cross-entropy',
    'backward',
    'times N',
    CE_DX,
    'void N;\n    return multiply(divide(this.targets, this.clamped), -1);',
  ),
  wrong('cross-entropy', 'backward', 'sign', CE_DX, 'return multiply(divide(this.targets, this.clamped), 1 / N);'),
  wrong('cross-entropy', 'backward', 'not divided by X', CE_DX, 'return multiply(this.targets, -1 / N);'),
  wrong(
    'cross-entropy',
    'backward',
    'softmax included',
    CE_DX,
    'return multiply(subtract(this.clamped, this.targets), 1 / N);',
    'subtract',
  ),
  wrong(
    'cross-entropy',
    'backward',
    'divided by N · C',
    CE_DX,
    'return multiply(divide(this.targets, this.clamped), -1 / (N * this.targets.shape[1]));',
  ),
  wrong('softmax-cross-entropy', 'backward', 'T not subtracted', 'subtract(probs, this.targets)', 'probs'),
  wrong('softmax-cross-entropy', 'backward', 'times N', ', 1 / N)', ', 1 + 0 * N)'),
  wrong('layernorm', 'forward', 'γ forgotten', LN_OUT, 'const out = multiply(1, xHat);'),
  wrong(
    'layernorm',
    'forward',
    'divided by the variance',
    LN_OUT,
    'const out = multiply(this.gamma.value, divide(centered, add(variance, this.eps)));',
    'add, divide',
  ),
  wrong(
    'layernorm',
    'forward',
    'ε outside the root',
    LN_OUT,
    'const out = multiply(this.gamma.value, divide(centered, map(variance, (v) => Math.sqrt(v) + this.eps)));',
    'divide',
  ),
  wrong('layernorm', 'backward', 'γ forgotten', 'multiply(dout, this.gamma.value)', 'multiply(dout, 1)'),
  wrong('layernorm', 'backward', 'mean path forgotten', LN_DX, 'void shift;\n    const dx = subtract(dxHat, 0);'),
  wrong('layernorm', 'backward', 'variance path forgotten', LN_STRETCH, 'void stretch;'),
  wrong(
    'layernorm',
    'backward',
    'statistics taken as constants',
    LN_DX,
    'if (shift) return multiply(rstd, dxHat);\n    const dx = subtract(dxHat, shift);',
  ),
  wrong('layernorm', 'backward', 'not divided by the deviation', LN_RSTD, 'void rstd;'),
  wrong(
    'layernorm',
    'backward',
    'exchanged',
    'addInPlace(this.gamma.grad, sum(multiply(dout, xHat), { axis: 0 }));',
    'addInPlace(this.gamma.grad, sum(dout, { axis: 0 }));',
  ),
  wrong('batchnorm', 'forward', 'biased variance', 'multiply(variance, N / (N - 1))', 'multiply(variance, 1 + 0 * N)'),
  wrong('batchnorm', 'backward', 'the backward of training', 'if (!fromBatch) return multiply(dout, scale);', ''),
  wrong(
    'batchnorm',
    'backward',
    'γ forgotten',
    'multiply(reshape(this.gamma.value, rstd.shape), rstd)',
    'multiply(rstd, 1)',
  ),
  wrong(
    'dropout',
    'forward',
    'not scaled',
    'return multiply(x, this.mask);',
    'return multiply(x, multiply(this.mask, this.training ? keep : 1));',
  ),
  wrong(
    'dropout',
    'backward',
    'dout passed through',
    'multiply(dout, this.cached(this.mask, dout))',
    'multiply(dout, 1)',
  ),
  { file: 'mlp', task: 'mlp.layers', diagnosis: 'no activation', change: ['makeActivation(), ...drop', '...drop'] },
  {
    file: 'mlp',
    task: 'mlp.layers',
    diagnosis: 'activation at the end',
    change: ['return [...before, linear]; // the logits', 'return [...before, linear, makeActivation()];'],
  },
  { file: 'accuracy', task: 'accuracy', diagnosis: 'times N', change: ['/ outputs.shape[0]', ''] },
  {
    file: 'accuracy',
    task: 'accuracy',
    diagnosis: 'smallest output',
    change: ['argmax(outputs,', 'argmax(negative(outputs),'],
    imports: 'negative',
  },
  { file: 'train-step', task: 'train-step', diagnosis: 'gradients not zeroed', change: ['optimizer.zeroGrad();', ''] },
  { file: 'train-step', task: 'train-step', diagnosis: 'no update', change: ['optimizer.step();', ''] },
  {
    file: 'train-step',
    task: 'train-step',
    diagnosis: 'two updates',
    change: ['optimizer.step();', 'optimizer.step();\n  optimizer.step();'],
  },
  {
    file: 'train-step',
    task: 'train-step',
    diagnosis: 'loss after the update',
    change: ['return value;', 'return loss.forward(model.forward(x), targets) + 0 * value;'],
  },
];

/** Right solutions that are written in another way. */
export const RIGHT_OTHERWISE: readonly RightSolution[] = [
  {
    name: 'dx in float32',
    file: 'linear',
    change: [
      LINEAR_DX,
      'const dx = zeros([dout.shape[0], this.inFeatures]);\n    assign(dx, matmul(dout, this.weight.value));\n    return dx;',
    ],
    imports: 'assign, zeros',
  },
  {
    name: 'a factor of dx in float32',
    file: 'softmax',
    change: [
      SOFTMAX_DX,
      'const single = zeros(probs.shape);\n    assign(single, subtract(dout, inner));\n    return multiply(probs, single);',
    ],
    imports: 'assign, zeros',
  },
  {
    name: 'number by number',
    file: 'linear',
    change: [
      LINEAR_DX,
      "const [N, M] = dout.shape;\n    const dx = zeros([N, this.inFeatures], 'float64');\n    for (let n = 0; n < N; n++)\n      for (let d = 0; d < this.inFeatures; d++)\n        for (let m = 0; m < M; m++) setAt(dx, [n, d], at(dx, n, d) + at(dout, n, m) * at(this.weight.value, m, d));\n    return dx;",
    ],
    imports: 'at, setAt, zeros',
  },
  {
    name: 'the variance as E[x²] − E[x]²',
    file: 'layernorm',
    change: [
      LN_OUT,
      'const average = (v: NdArray) => mean(v, { axis: 1, keepDims: true });\n    const spread = subtract(average(square(x)), square(average(x)));\n    this.cache = { rstd, xHat: multiply(subtract(x, average(x)), map(spread, (v) => 1 / Math.sqrt(v + this.eps))) };\n    const out = multiply(this.gamma.value, this.cache.xHat);',
    ],
  },
  {
    name: 'the Jacobian as a matrix',
    file: 'softmax',
    change: [
      SOFTMAX_DX,
      "const [N, C] = probs.shape;\n    const dx = zeros([N, C], 'float64');\n    for (let n = 0; n < N; n++)\n      for (let i = 0; i < C; i++)\n        for (let j = 0; j < C; j++) setAt(dx, [n, i], at(dx, n, i) + at(dout, n, j) * at(probs, n, j) * ((i === j ? 1 : 0) - at(probs, n, i)));\n    void inner;\n    return dx;",
    ],
    imports: 'at, setAt, zeros',
  },
];
