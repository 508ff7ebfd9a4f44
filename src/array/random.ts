import seedrandom from 'seedrandom';
import { assertSizes, checkedDtype } from './checks.js';
import { allocate, sizeOf, wrap } from './memory.js';
import type { Dtype, NdArray, Shape } from './types.js';

/** The state of the ARC4 generator: two positions and a permutation of 0 … 255. */
export interface Arc4State {
  /** The position that moves on by one with each byte drawn, from 0 to 255. */
  i: number;
  /** The position that jumps by the element at `i`, from 0 to 255. */
  j: number;
  /** The permutation, 256 numbers; each byte drawn swaps those at `i` and `j`. */
  S: number[];
}

/** Everything that a `Random` will draw next, as plain JSON. */
export interface RandomState {
  /** The state of the ARC4 generator of seedrandom. */
  arc4: Arc4State;
  /** The second normal number of the last pair, when it has not been handed out yet. */
  spare: number | null;
}

/**
 * A stream of random numbers that a seed determines: the same seed gives the same numbers on every machine.
 * Whatever draws in this library takes one.
 */
export class Random {
  private generator: seedrandom.StatefulPRNG<Arc4State>;
  private spare: number | null = null;

  /**
   * @param seed any finite number or text; it has no default, so that nobody draws without having said from where
   * @throws TypeError for any other seed
   */
  constructor(seed: number | string) {
    if (typeof seed !== 'string' && !Number.isFinite(seed)) {
      throw new TypeError(`Random: expected a seed (a finite number or a text), got ${String(seed)}`);
    }
    this.generator = seedrandom(String(seed), { state: true });
  }

  /** One number, uniform in [0, 1), with 53 random bits. */
  next(): number {
    return this.generator.double();
  }

  /** One number of the standard normal distribution, by Marsaglia's polar method: two numbers a round. */
  nextNormal(): number {
    if (this.spare !== null) {
      const value = this.spare;
      this.spare = null;
      return value;
    }
    let u: number;
    let v: number;
    let s: number;
    do {
      u = 2 * this.next() - 1;
      v = 2 * this.next() - 1;
      s = u * u + v * v;
    } while (s >= 1 || s === 0);
    const scale = Math.sqrt((-2 * Math.log(s)) / s);
    this.spare = v * scale;
    return u * scale;
  }

  /**
   * An array of independent normal numbers.
   *
   * @param options mean, standard deviation and dtype
   * @throws RangeError unless `std` is a number from 0 up
   */
  normal(shape: Shape, { mean = 0, std = 1, dtype = 'float32' }: NormalOptions = {}): NdArray {
    if (!(std >= 0)) throw new RangeError(`Random.normal: expected a standard deviation from 0 up, got ${std}`);
    return this.draw('Random.normal', shape, dtype, () => mean + std * this.nextNormal());
  }

  /**
   * An array of independent numbers, uniform in [low, high); rounding to float32 may give `high` itself.
   *
   * @param options both bounds and dtype
   */
  uniform(shape: Shape, { low = 0, high = 1, dtype = 'float32' }: UniformOptions = {}): NdArray {
    return this.draw('Random.uniform', shape, dtype, () => low + (high - low) * this.next());
  }

  /**
   * An array of independent zeros and ones, each a one with probability p, exact to $2^{-32}$. What is drawn is how many of the
   * more frequent value come before the next of the rarer one, with probability $q$: $k$ or more in $(1 - q)^k$ of all cases,
   * so $\lfloor \ln u / \ln(1 - q) \rfloor$ of a uniform $u$. That is one draw for each of the rarer, not for each.
   *
   * @param options the probability and dtype
   * @throws RangeError unless `p` is a number from 0 to 1
   */
  bernoulli(shape: Shape, { p, dtype = 'float32' }: BernoulliOptions): NdArray {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`Random.bernoulli: expected a probability p from 0 to 1, got ${p}`);
    assertSizes('Random.bernoulli', shape);
    const [rare, q] = p <= 0.5 ? [1, p] : [0, 1 - p];
    const out = allocate(sizeOf(shape), checkedDtype('Random.bernoulli', dtype)).fill(1 - rare);
    const logarithm = Math.log1p(-q);
    const skipped = () => Math.floor(Math.log(((this.generator.int32() >>> 0) + 1) / 2 ** 32) / logarithm); // u in (0, 1]
    if (q > 0) for (let i = skipped(); i < out.length; i += 1 + skipped()) out[i] = rare;
    return wrap(out, shape);
  }

  /**
   * The numbers 0 … n − 1 in random order, each order equally likely (Fisher and Yates).
   *
   * @throws ShapeError unless n is a whole number from 0 up
   */
  permutation(n: number): Uint32Array {
    assertSizes('Random.permutation', [n]);
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(this.next() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /** What will be drawn next, to be saved and given to `restore`. */
  state(): RandomState {
    return { arc4: cloneOf(this.generator.state()), spare: this.spare };
  }

  /** Goes on from a saved state: the next numbers are those that followed it. */
  restore(state: RandomState): void {
    this.generator = seedrandom('', { state: cloneOf(state.arc4) });
    this.spare = state.spare;
  }

  private draw(call: string, shape: Shape, dtype: Dtype, next: () => number): NdArray {
    assertSizes(call, shape);
    const out = allocate(sizeOf(shape), checkedDtype(call, dtype));
    for (let i = 0; i < out.length; i++) out[i] = next();
    return wrap(out, shape);
  }
}

/** Mean, standard deviation and dtype of normal numbers; 0, 1 and float32 without. */
export interface NormalOptions {
  /** μ, 0 without. */
  mean?: number;
  /** σ, the standard deviation, from 0 up; 1 without. */
  std?: number;
  /** The dtype of the array, `'float32'` without. The same numbers are drawn for either, and rounded. */
  dtype?: Dtype;
}

/** Bounds and dtype of uniform numbers; 0, 1 and float32 without. */
export interface UniformOptions {
  /** The smallest number that can come; 0 without. */
  low?: number;
  /** The bound that all numbers stay below, but for rounding; 1 without. */
  high?: number;
  /** The dtype of the array, `'float32'` without. The same numbers are drawn for either, and rounded. */
  dtype?: Dtype;
}

/** The probability of a one, and the dtype of zeros and ones; float32 without. */
export interface BernoulliOptions {
  /** How probable a one is, from 0 to 1. */
  p: number;
  /** The dtype of the array, `'float32'` without. */
  dtype?: Dtype;
}

function cloneOf(state: Arc4State): Arc4State {
  return { ...state, S: [...state.S] };
}
