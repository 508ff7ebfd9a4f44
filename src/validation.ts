/**
 * The checks that the library's own layers and losses make of their arguments, for layers and losses of your own:
 * `import { assertShape } from 'handgrad/validation'`. Each throws an error that names the call, what it expected,
 * and what it got.
 *
 * @module handgrad/validation
 */

export {
  assertArray,
  assertDtype,
  assertFilled,
  assertFlag,
  assertLike,
  assertList,
  assertNoMoreOptions,
  assertNumber,
  assertRandom,
  assertShape,
  assertWhole,
  checkedDtype,
  checkedOptions,
  inWords,
  pairOf,
  poolingOf,
  shapeText,
  windowsOn,
} from './array/index.js';
export { assertLayer } from './layers/module.js';
export { assertBatch, assertLoss, finiteLoss } from './losses/loss-checks.js';
export { assertOptimizer } from './optim/optimizer.js';
