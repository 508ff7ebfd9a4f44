/** Finite differences against hand-written gradients. */
export { numericalGradient, type NumericalGradientOptions } from './numerical.js';
export { type CheckLayerOptions, type CheckOptions, checkLayer, checkLoss, type Witness } from './check-layer.js';
export {
  type GradientReport,
  type GradientRow,
  TOLERANCE,
  type Tolerance,
  WITNESS_TOLERANCE,
  type WitnessRow,
} from './gradient-report.js';
