/**
 * A small tape for automatic differentiation, an independent witness for the gradients that are written by hand:
 * `import { gradients, variable } from 'handgrad/autodiff'`. No layer uses it.
 *
 * @module handgrad/autodiff
 */

export {
  add,
  divide,
  exp,
  gradients,
  log,
  matmul,
  maximum,
  mean,
  multiply,
  reshape,
  sqrt,
  subtract,
  sum,
  type TapeOperand,
  tanh,
  transpose,
  Variable,
  variable,
} from './autodiff/tape.js';
