/**
 * A small tape for automatic differentiation, an independent witness for the gradients that are written by hand:
 * `import { gradients, variable } from 'handgrad/autodiff'`. No layer uses it.
 *
 * @module handgrad/autodiff
 */

export type { TapeForward } from './autodiff/forwards.js';
export {
  add,
  concatenate,
  divide,
  exp,
  gradients,
  log,
  matmul,
  max,
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
  unfold,
  Variable,
  variable,
} from './autodiff/tape.js';
export { tapeWitness } from './autodiff/tape-witness.js';
