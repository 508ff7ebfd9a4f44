import type { Layer, NdArray, Parameter, Random } from '../../src/index.js';

/** A wrong layer, and the shape of the input to check it with. */
export interface WrongLayer {
  /** Parameters are drawn from `rng`, what forwards draw from `draws`. */
  make: (rng: Random, draws: Random) => Layer;
  shape: readonly number[];
}

/** A right layer with another backward. */
export class Mutant implements Layer {
  x: NdArray | undefined;
  out: NdArray | undefined;

  constructor(
    readonly right: Layer,
    private readonly wrong: (dout: NdArray, x: NdArray, out: NdArray) => NdArray,
  ) {}

  forward(x: NdArray): NdArray {
    this.x = x;
    this.out = this.right.forward(x);
    return this.out;
  }

  backward(dout: NdArray): NdArray {
    if (!this.x || !this.out) throw new Error('forward first');
    return this.wrong(dout, this.x, this.out);
  }

  parameters(): Parameter[] {
    return this.right.parameters();
  }

  train(): void {}
  eval(): void {}
}
