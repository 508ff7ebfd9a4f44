import { assign, matmul, multiply, type NdArray, sum } from '../../../../src/array/index.js';
import { array, Parameter } from '../../../../src/index.js';
import type { Objective } from '../../../../src/node/experiments/measures/objective.js';

/** ½ wᵀHw: its gradient is Hw, its Hessian H. */
export function quadratic(H: number[][], start: number[]): Objective & { w: NdArray } {
  const matrix = array(H, 'float64');
  const parameter = new Parameter(
    'w',
    array(
      start.map((value) => [value]),
      'float64',
    ),
  );
  return {
    w: parameter.value,
    parameters: [parameter],
    evaluate() {
      const gradient = matmul(matrix, parameter.value);
      assign(parameter.grad, gradient);
      return sum(multiply(parameter.value, gradient)) / 2;
    },
  };
}

/** Eigenvalues 5 along (1, 2)/√5 and 1 along (2, −1)/√5, rotated so that no eigenvector lies on an axis. */
export const H = [
  [1.8, 1.6],
  [1.6, 4.2],
];
