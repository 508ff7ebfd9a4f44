/** Finite differences against hand-written gradients. */
export { numericalGradient, type NumericalGradientOptions } from './numerical.js';
export { type CheckLayerOptions, type CheckOptions, checkLayer, checkLoss } from './check-layer.js';
export {
  type GradientReport,
  type GradientRow,
  TOLERANCE,
  type Tolerance,
} from './gradient-report.js';
export { CHECK_CASES, type CheckCase } from './cases.js';
