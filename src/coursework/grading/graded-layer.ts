import type { NdArray } from '../../array/index.js';
import type { Layer } from '../../layers/layer.js';
import type { WireValue } from '../sandbox/wire.js';
import type { Sizes, TestCase } from './test-case.js';

/** How to test a layer: how to construct it in both processes, and its test cases. */
export interface GradedLayer {
  /** The constructor arguments for the submission's layer. */
  args: (given: TestCase) => WireValue[];
  /** Makes the reference layer. Default: the layer of layer-specs.ts with the name of the file. */
  reference?: (given: TestCase) => Layer;
  /** The shape of x. */
  shape: (sizes: Sizes) => number[];
  cases: TestCase[];
  /** The sizes of the large batch: numerical differentiation takes seconds, and a formula milliseconds. */
  large: Sizes;
  /** Arrays that forward updates in training, such as running statistics. */
  fields?: readonly string[];
  /** Whether the gradients of parameters have points only if dx is right. */
  needsDx?: boolean;
  /** Changes the x that was drawn. */
  input?: (x: NdArray, given: TestCase) => NdArray;
  /** Whether to test x of ±1000, where a naive forward overflows. */
  extremes?: boolean;
}
