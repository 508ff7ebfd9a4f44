import type { NdArray as ScijsNdArray } from 'ndarray';

/** The element type: `float32` for training, `float64` for gradient checks. */
export type Dtype = 'float32' | 'float64';

/** The memory of an array. */
export type FloatData = Float32Array | Float64Array;

/** A plain scijs `ndarray` over a `Float32Array` or a `Float64Array`: the only array type of this library. */
export type NdArray = ScijsNdArray<FloatData>;

/** Positions along an axis, as `argmax` returns them: a scijs `ndarray` over an `Int32Array`. */
export type IndexArray = ScijsNdArray<Int32Array>;

/** The size of each axis. `[]` is the shape of a single number. */
export type Shape = readonly number[];

/** Numbers in nested JavaScript arrays, as deep as the array has axes. */
export type Nested = number | readonly Nested[];
