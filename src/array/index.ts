/** NumPy-style functions on plain scijs ndarrays. Only this folder and `kernels/` know how an array is stored. */

// Types.
export type { Dtype, FloatData, IndexArray, NdArray, Nested, Shape } from './types.js';

// Creating arrays, and converting them to nested lists.
export { type ArrayLikeInput, array, asArray, astype, copy, full, oneHot, ones } from './create.js';
export { toNested, zeros, zerosLike } from './create.js';
export { type FormatOptions, format } from './format.js';

// Broadcasting.
export { broadcastShapes, broadcastTo } from './broadcast.js';

// Element by element.
export { add, divide, maximum, minimum, multiply, type Operand, power, subtract } from './elementwise.js';
export { abs, exp, expm1, log, log1p, negative, sign, sqrt, square, tanh } from './elementwise.js';
export { addInPlace, addProductInPlace, assign, multiplyInPlace, scaleShift, subtractInPlace } from './elementwise.js';
export {
  type BinaryFunction,
  type KnownFunction,
  map,
  mapRows,
  type RowFunction,
  type UnaryFunction,
  zipWith,
} from './elementwise.js';

// For optimizers: one pass over each parameter.
export { type ElementUpdate, type FusedUpdate, updateInPlace } from './update.js';
export { scaleInPlace, sumOfSquares } from './update.js';

// Along an axis.
export type { ReduceOptions } from './lanes.js';
export { argmax, max, mean, meanOfProducts, min, sum, sumOfProducts } from './reduce.js';

// The matrix product.
export { addMatmulInPlace, matmul } from './matmul.js';

// Convolution and pooling.
export { conv2d, conv2dInputGradient, conv2dWeightGradient } from './convolution.js';
export { fold, unfold } from './unfold.js';
export { avgPool2d, avgPool2dGradient, type Maxima, maxPool2d, maxPool2dGradient } from './pooling.js';
export { type Pair, type Pooling, pairOf, poolingOf, type WindowOptions, type Windows, windowsOn } from './windows.js';

// The engine.
export {
  type BackendName,
  type BackendOptions,
  backend,
  backendDescription,
  setBackend,
  threads,
} from '../kernels/backend.js';
export { ENGINE_NAMES, type EngineName } from '../kernels/engine.js';

// Other shapes and selections of the same elements.
export { at, concatenate, reshape, setAt, slice, take, transpose } from './rearrange.js';

// Random numbers from a seed.
export { type Arc4State, Random, type RandomState } from './random.js';
export type { BernoulliOptions, NormalOptions, UniformOptions } from './random.js';

// The bytes of NumPy files.
export { decodeNpy, encodeNpy } from './npy.js';
export { decodeNpz, encodeNpz, listNpz, type NpzEntry } from './npz.js';
export { kindHint } from './file-kind.js';

// Errors and checks.
export {
  DtypeError,
  InputError,
  messageOf,
  NonFiniteError,
  NotImplementedError,
  printable,
  ShapeError,
} from './errors.js';
export {
  assertArray,
  assertDtype,
  assertFilled,
  assertFunction,
  assertLike,
  assertList,
  assertNoMoreOptions,
  assertNumber,
  assertOptions,
  assertShape,
  assertSizes,
  checkedDtype,
  inWords,
  shapeText,
} from './checks.js';
export {
  assertBytes,
  assertFlag,
  assertImageShape,
  assertMethods,
  assertNumbers,
  assertRandom,
  assertText,
  assertTexts,
  assertWhole,
  checkedOptions,
} from './value-checks.js';
