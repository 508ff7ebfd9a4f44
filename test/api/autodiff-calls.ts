// biome-ignore-all lint/performance/noDynamicNamespaceImportAccess: a table over names
import * as autodiff from '../../src/autodiff.js';
import * as api from '../../src/index.js';
import { type Argument, type CallTable, optionsOf } from './call-table.js';

const x = autodiff.variable(
  api.array([
    [1, 2, 3],
    [4, 5, 7],
  ]),
);
const images = autodiff.variable(api.ones([2, 3, 4, 5]));
const binary: readonly Argument[] = [
  ['operand', x],
  ['operand', x],
];

/** The functions of `handgrad/autodiff`. They pass wrong operands on to the function on arrays of the same name, which names the call. */
export const AUTODIFF_CALLS: CallTable = {
  ...Object.fromEntries(
    (['add', 'divide', 'maximum', 'multiply', 'subtract'] as const).map((name) => [
      `autodiff: ${name}`,
      { call: autodiff[name], args: binary, begins: new RegExp(`^${name}:`) },
    ]),
  ),
  ...Object.fromEntries(
    (['exp', 'log', 'sqrt', 'tanh'] as const).map((name) => [
      `autodiff: ${name}`,
      { call: autodiff[name], args: [['operand', x]] as const, begins: new RegExp(`^${name}:`) },
    ]),
  ),
  ...Object.fromEntries(
    (['max', 'mean', 'sum'] as const).map((name) => [
      `autodiff: ${name}`,
      {
        call: autodiff[name] as (given: autodiff.Variable, options: { axis: number }) => unknown,
        args: [['operand', x], optionsOf({ axis: ['axis', 1] })] as const,
        begins: new RegExp(`^(${name}|sum):`),
      },
    ]),
  ),
  'autodiff: concatenate': { call: autodiff.concatenate, args: [['arrays', [x, x]]], begins: /^concatenate:/ },
  'autodiff: gradients': {
    call: autodiff.gradients,
    args: [
      ['array', autodiff.sum(x)],
      ['list', [x]],
    ],
    begins: /^gradients:/,
  },
  'autodiff: matmul': {
    call: autodiff.matmul,
    args: [
      ['operand', x],
      ['operand', autodiff.transpose(x)],
    ],
    begins: /^matmul:/,
  },
  'autodiff: reshape': {
    call: autodiff.reshape,
    args: [
      ['operand', x],
      ['newShape', [3, 2]],
    ],
    begins: /^reshape:/,
  },
  'autodiff: transpose': { call: autodiff.transpose, args: [['operand', x]], begins: /^transpose:/ },
  'autodiff: unfold': {
    call: autodiff.unfold,
    args: [
      ['operand', images],
      ['size', 2],
    ],
    begins: /^unfold:/,
  },
  'autodiff: variable': { call: autodiff.variable, args: [['array', api.ones([2])]], begins: /^variable:/ },
  'autodiff: Variable': {
    call: (value: api.NdArray) => new autodiff.Variable(value),
    args: [['array', api.ones([2])]],
    begins: /^Variable:/,
  },
};
