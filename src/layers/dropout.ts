import { assertFilled, assertLike, divide, multiply, type NdArray, ones, type Random } from '../array/index.js';
import { Module, remembered } from './module.js';

/** The options of a `Dropout` layer. */
export interface DropoutOptions {
  /** Where the masks are drawn from: every forward in training takes a new one. */
  rng: Random;
}

/**
 * Dropout: in training every number is dropped, set to 0, with probability $p$, each forward others. No unit can rely on
 * another being there, which keeps a net from learning its training set by heart. In evaluation all are there.
 * Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, JMLR 15, section 4.
 *
 * **Forward, in training.** A coin is thrown for each element, and those that are kept are scaled up,
 *
 * $$ Y = M \circ X, \qquad M_{ij} = \frac{B_{ij}}{1 - p}, \qquad B_{ij} \sim \text{Bernoulli}(1 - p), $$
 *
 * so that on average nothing changes, $\mathbb{E}[Y_{ij}] = \frac{1 - p}{1 - p} X_{ij} = X_{ij}$, and evaluation needs no
 * correction. (The paper's p is the probability to keep, and it scales the weights down afterwards; this is the "inverted" form,
 * which its section 10 mentions.) $M$ is `mask`.
 *
 * **Forward, in evaluation**: $Y = X$, a mask of ones.
 *
 * **Backward.** The mask is drawn without a look at $X$, so it is a constant: $\partial Y_{ij}/\partial X_{kl} =
 * \delta_{ik}\delta_{jl} M_{kl}$, and the sum of the chain rule keeps a single term,
 *
 * $$ \frac{\partial L}{\partial X_{kl}} = \sum_{i,j} \frac{\partial L}{\partial Y_{ij}} \frac{\partial Y_{ij}}{\partial X_{kl}}
 *    = \frac{\partial L}{\partial Y_{kl}}\, M_{kl}
 *    \quad\Longrightarrow\quad \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Y} \circ M , $$
 *
 * with the mask of the forward, not another. A gradient check has to hold it fixed as well: `checkLayer(layer, x, { replay: rng })`
 * sets the generator back before every forward.
 */
export class Dropout extends Module {
  private readonly rng: Random;
  private mask: NdArray | undefined;

  /**
   * @param p the probability that a number is dropped, from 0 up and below 1
   * @param options the generator of the masks
   * @throws RangeError for any other p; TypeError without a generator
   */
  constructor(
    readonly p: number,
    options: DropoutOptions,
  ) {
    super();
    if (!(p >= 0 && p < 1)) throw new RangeError(`Dropout: expected a probability p from 0 up and below 1, got ${p}`);
    if (!options?.rng) throw new TypeError('Dropout: expected { rng }, the Random that draws its masks');
    this.rng = options.rng;
  }

  forward(x: NdArray): NdArray {
    assertFilled('Dropout.forward', 'x', x);
    const { shape, dtype } = x;
    const keep = 1 - this.p;
    this.mask = this.training ? divide(this.rng.bernoulli(shape, { p: keep, dtype }), keep) : ones(shape, dtype);
    return multiply(x, this.mask); // the shape of x
  }

  backward(dout: NdArray): NdArray {
    const mask = remembered('Dropout', this.mask);
    assertLike('Dropout.backward', 'dout', dout, mask);
    return multiply(dout, mask); // the shape of x
  }
}
