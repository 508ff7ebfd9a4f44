import { add, BatchNorm1d, type Layer, Linear, Module, type NdArray, Random } from '../../src/index.js';

/** A container that this library does not know: the sum of two branches. It declares its children and nothing else. */
export class TwoBranches extends Module {
  constructor(
    readonly left: Layer,
    readonly right: Layer,
  ) {
    super();
  }

  forward(x: NdArray): NdArray {
    return add(this.left.forward(x), this.right.forward(x));
  }

  backward(dout: NdArray): NdArray {
    return add(this.left.backward(dout), this.right.backward(dout));
  }

  override children(): [string, Layer][] {
    return [
      ['left', this.left],
      ['right', this.right],
    ];
  }
}

/** A batch norm beside a linear layer, (N, D) to (N, D). */
export function normBesideLinear(features: number, dtype: 'float32' | 'float64' = 'float64'): TwoBranches {
  return new TwoBranches(
    new BatchNorm1d(features, { dtype }),
    new Linear(features, features, { init: 'normal:1', rng: new Random(5), dtype }),
  );
}
