/** A right solution with one thing changed, and what the grader is to call it. */
export interface WrongSolution {
  /** The file it is in. */
  file: string;
  /** The text that is replaced, and what by. */
  change: [from: string, to: string];
  /** The task that loses points, and no other. */
  task: string;
  /** The name of the mistake. */
  diagnosis: string;
  /** Imports that the change needs. */
  imports?: string;
}

const wrong = (file: string, task: string, diagnosis: string, from: string, to: string, imports?: string) => {
  return { file, change: [from, to], task: `${file}.${task}`, diagnosis, imports } satisfies WrongSolution;
};

const LINEAR_OUT = 'matmul(x, transpose(this.weight.value))';
const LINEAR_DW = 'addMatmulInPlace(this.weight.grad, transpose(dout), x);';
const LINEAR_DB = 'addInPlace(this.bias.grad, sum(dout, { axis: 0 }))';
const LINEAR_DX = 'return matmul(dout, this.weight.value);';
const ELU_DX = 'const slope = (value: number) => (value > 0 ? 1 : alpha * Math.exp(value));';
const ELU_MAP = "map(x, slope, { name: 'eluSlope', parameter: alpha })";
const SOFTMAX_DX = 'return multiply(probs, subtract(dout, inner));';
const LN_OUT = 'return add(multiply(this.gamma.value, this.xHat), this.beta.value);';
const LN_DX = 'return multiply(rstd, subtract(subtract(dxHat, shift), multiply(xHat, stretch)));';
const CE_DX = 'return multiply(divide(this.targets, this.clamped), -1 / samples);';
const CE_OUT = '-sum(multiply(targets, log(clamped))) / probs.shape[0]';

/** Mistakes that people make, each in a solution that is right otherwise. */
export const WRONG_SOLUTIONS: readonly WrongSolution[] = [
  wrong(
    'linear',
    'forward',
    'bias forgotten',
    'return this.bias ? add(product, this.bias.value) : product;',
    'return product;',
  ),
  wrong(
    'linear',
    'forward',
    'bias subtracted',
    'add(product, this.bias.value)',
    'subtract(product, this.bias.value)',
    'subtract',
  ),
  wrong('linear', 'forward', 'sign', LINEAR_OUT, `negative(add(${LINEAR_OUT}, 0))`, 'negative'),
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
  wrong('elu', 'backward', 'dout forgotten', `multiply(dout, ${ELU_MAP})`, `add(0, ${ELU_MAP})`, 'add'),
  wrong(
    'elu',
    'backward',
    'negative branch',
    ELU_DX,
    'const slope = (value: number) => (value > 0 ? 1 : alpha * 0.9 * Math.exp(value));',
  ),
  wrong('softmax', 'forward', 'not finite', 'subtract(x, max(x, { axis: -1, keepDims: true }))', 'add(x, 0)', 'add'),
  wrong(
    'softmax',
    'forward',
    'wrong axis',
    'return copy(probs);',
    'return divide(exponentials, sum(exponentials, { axis: 0, keepDims: true }));',
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
    'void samples;\n    return multiply(divide(this.targets, this.clamped), -1);',
  ),
  wrong(
    'cross-entropy',
    'backward',
    'sign',
    CE_DX,
    'return multiply(divide(this.targets, this.clamped), 1 / samples);',
  ),
  wrong('cross-entropy', 'backward', 'not divided by X', CE_DX, 'return multiply(this.targets, -1 / samples);'),
  wrong(
    'cross-entropy',
    'backward',
    'softmax included',
    CE_DX,
    'return multiply(subtract(this.clamped, this.targets), 1 / samples);',
    'subtract',
  ),
  wrong(
    'cross-entropy',
    'backward',
    'divided by N · C',
    CE_DX,
    'return multiply(divide(this.targets, this.clamped), -1 / (samples * this.targets.shape[1]));',
  ),
  wrong('softmax-cross-entropy', 'backward', 'T not subtracted', 'subtract(probs, this.targets)', 'probs'),
  wrong('softmax-cross-entropy', 'backward', 'times N', ', 1 / samples)', ', 1 + 0 * samples)'),
  wrong(
    'layernorm',
    'forward',
    'γ forgotten',
    'add(multiply(this.gamma.value, this.xHat), this.beta.value)',
    'add(this.xHat, this.beta.value)',
  ),
  wrong(
    'layernorm',
    'forward',
    'divided by the variance',
    LN_OUT,
    'return add(multiply(this.gamma.value, divide(centred, add(variance, this.eps))), this.beta.value);',
    'divide',
  ),
  wrong(
    'layernorm',
    'forward',
    'ε outside the root',
    LN_OUT,
    'return add(multiply(this.gamma.value, divide(centred, map(variance, (v) => Math.sqrt(v) + this.eps))), this.beta.value);',
    'divide',
  ),
  wrong('layernorm', 'backward', 'γ forgotten', 'multiply(dout, this.gamma.value)', 'multiply(dout, 1)'),
  wrong(
    'layernorm',
    'backward',
    'mean path forgotten',
    LN_DX,
    'void shift;\n    return multiply(rstd, subtract(dxHat, multiply(xHat, stretch)));',
  ),
  wrong('layernorm', 'backward', 'variance path forgotten', LN_DX, 'return multiply(rstd, subtract(dxHat, shift));'),
  wrong('layernorm', 'backward', 'statistics taken as constants', LN_DX, 'return multiply(rstd, dxHat);'),
  wrong(
    'layernorm',
    'backward',
    'not divided by the deviation',
    LN_DX,
    'return subtract(subtract(dxHat, shift), multiply(xHat, stretch));',
  ),
  wrong(
    'layernorm',
    'backward',
    'exchanged',
    'addInPlace(this.gamma.grad, sum(multiply(dout, xHat), { axis: 0 }));',
    'addInPlace(this.gamma.grad, sum(dout, { axis: 0 }));',
  ),
  wrong(
    'batchnorm',
    'forward',
    'biased variance',
    'multiply(variance, samples / (samples - 1))',
    'multiply(variance, 1 + 0 * samples)',
  ),
  wrong('batchnorm', 'backward', 'the backward of training', 'if (!this.fromBatch) return multiply(rstd, dxHat);', ''),
  wrong(
    'batchnorm',
    'backward',
    'γ forgotten',
    'multiply(dout, reshape(this.gamma.value, rstd.shape))',
    'multiply(dout, 1)',
  ),
  wrong(
    'dropout',
    'forward',
    'not scaled',
    'return multiply(x, this.mask);',
    'return multiply(x, multiply(this.mask, this.training ? keep : 1));',
  ),
  wrong('dropout', 'backward', 'dout passed through', 'multiply(dout, mask)', 'multiply(dout, 1)'),
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
