import {
  assertFilled,
  assertNoMoreOptions,
  assertNumber,
  assertRandom,
  checkedOptions,
  divide,
  multiply,
  type NdArray,
  ones,
  type Random,
} from '../array/index.js';
import { Module } from './module.js';

/** The options of a `Dropout` layer. */
export interface DropoutOptions {
  /** Draws the masks. Every forward in training draws a new one. */
  rng: Random;
}

/**
 * Dropout sets each number to 0 with probability $p$ in training, independently and anew at each forward. No unit can
 * rely on another unit, which keeps a net from memorizing its training set. In evaluation nothing is dropped.
 * Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, JMLR 15, section 4.
 *
 * **Forward, in training.** Each element is kept with probability $1 - p$, and what is kept is scaled up:
 *
 * $$ Y = M \circ X, \qquad M_{ij} = \frac{B_{ij}}{1 - p}, \qquad B_{ij} \sim \text{Bernoulli}(1 - p). $$
 *
 * The scale keeps the mean, $\mathbb{E}[Y_{ij}] = \frac{1 - p}{1 - p} X_{ij} = X_{ij}$, so evaluation needs no
 * correction. (In the paper, p is the probability to keep, and the weights are scaled down afterward. This is the
 * "inverted" form that its section 10 mentions.) $M$ is `mask`.
 *
 * **Forward, in evaluation**: $Y = X$, a mask of ones.
 *
 * **Backward.** The mask does not depend on $X$, so it is a constant: $\partial Y_{ij}/\partial X_{kl} =
 * \delta_{ik}\delta_{jl} M_{kl}$, and one term of the chain rule's sum remains:
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, M_{kl}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \circ M , $$
 *
 * with the mask of the last forward. A gradient check has to keep the mask fixed too:
 * `checkLayer(layer, x, { replay: rng })` sets the generator back before every forward.
 */
export class Dropout extends Module {
  private readonly rng: Random;
  private mask: NdArray | undefined;

  /**
   * @param p the probability that a number is dropped, at least 0 and below 1
   * @param options the generator of the masks
   * @throws RangeError for any other p, TypeError without a generator
   */
  constructor(
    readonly p: number,
    options: DropoutOptions,
  ) {
    super();
    assertNumber('Dropout', 'p', p);
    if (!(p >= 0 && p < 1)) throw new RangeError(`Dropout: expected a probability p from 0 up and below 1, got ${p}`);
    const { rng, ...rest } = options === undefined ? {} : checkedOptions<Partial<DropoutOptions>>('Dropout', options);
    assertNoMoreOptions('Dropout', rest);
    if (!rng) throw new TypeError('Dropout: expected { rng }, the Random that draws its masks');
    assertRandom('Dropout', rng);
    this.rng = rng;
  }

  forward(x: NdArray): NdArray {
    assertFilled('Dropout.forward', 'x', x);
    const { shape, dtype } = x;
    const keep = 1 - this.p;
    this.mask = this.training ? divide(this.rng.bernoulli(shape, { p: keep, dtype }), keep) : ones(shape, dtype);
    return multiply(x, this.mask); // the shape of x
  }

  backward(dout: NdArray): NdArray {
    return multiply(dout, this.cached(this.mask, dout)); // the shape of x
  }
}
