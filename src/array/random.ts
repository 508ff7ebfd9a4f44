import seedrandom from 'seedrandom/seedrandom.js';
import { assertNoMoreOptions, assertNumber, assertSizes, checkedDtype } from './checks.js';
import { DtypeError } from './errors.js';
import { allocate, sizeOf, wrap } from './memory.js';
import type { Dtype, NdArray, Shape } from './types.js';
import { checkedOptions } from './value-checks.js';

/** The state of the ARC4 generator: two positions and a permutation of 0 … 255. */
export interface Arc4State {
  /** The first position, from 0 to 255. Each byte drawn moves it on by one. */
  i: number;
  /** The second position, from 0 to 255. Each byte drawn moves it on by the element at `i`. */
  j: number;
  /** The permutation, 256 numbers. Each byte drawn swaps the elements at `i` and `j`. */
  S: number[];
}

/** The state of a `Random`, as plain JSON: it determines all numbers that come next. */
export interface RandomState {
  /** The state of the ARC4 generator of seedrandom. */
  arc4: Arc4State;
  /** The second normal number of the last pair, if it has not been returned yet. */
  spare: number | null;
}

/**
 * A stream of random numbers from a seed. The same seed gives the same numbers on every machine. Everything random in
 * this library takes a `Random`.
 */
export class Random {
  private generator: seedrandom.StatefulPRNG<Arc4State>;
  private spare: number | null = null;

  /**
   * @param seed a finite number or a text. There is no default, so that every result can be repeated.
   * @throws TypeError for any other seed
   */
  constructor(seed: number | string) {
    if (typeof seed !== 'string' && !Number.isFinite(seed)) {
      throw new TypeError(`Random: expected a seed (a finite number or a text), got ${String(seed)}`);
    }
    this.generator = seedrandom(String(seed), { state: true });
  }

  /** One number from the uniform distribution on [0, 1), with 53 random bits. */
  next(): number {
    return this.generator.double();
  }

  /** One number from the standard normal distribution, by Marsaglia's polar method, which makes them in pairs. */
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
   * @throws RangeError unless `std` is a number from 0 up, DtypeError for an option of another kind
   */
  normal(shape: Shape, options: NormalOptions = {}): NdArray {
    const { mean = 0, std = 1, dtype = 'float32', ...rest } = checkedOptions('Random.normal', options);
    assertNoMoreOptions('Random.normal', rest);
    assertNumber('Random.normal', 'mean', mean);
    assertNumber('Random.normal', 'std', std);
    if (!(std >= 0)) throw new RangeError(`Random.normal: expected a standard deviation from 0 up, got ${std}`);
    return this.draw('Random.normal', shape, dtype, () => mean + std * this.nextNormal());
  }

  /**
   * An array of independent numbers, uniform on [low, high). Rounding to float32 can give `high` itself.
   *
   * @param options the two bounds and the dtype
   */
  uniform(shape: Shape, options: UniformOptions = {}): NdArray {
    const { low = 0, high = 1, dtype = 'float32', ...rest } = checkedOptions('Random.uniform', options);
    assertNoMoreOptions('Random.uniform', rest);
    assertNumber('Random.uniform', 'low', low);
    assertNumber('Random.uniform', 'high', high);
    return this.draw('Random.uniform', shape, dtype, () => low + (high - low) * this.next());
  }

  /**
   * An array of independent zeros and ones. Each is 1 with probability p, exact to $2^{-32}$.
   *
   * Let $q$ be the probability of the rarer value. The number of elements before its next occurrence is $k$ or more
   * with probability $(1 - q)^k$, so $\lfloor \ln u / \ln(1 - q) \rfloor$ of a uniform $u$ has the right
   * distribution. This takes one random number for each occurrence of the rarer value, not one for each element.
   *
   * @param options the probability and the dtype
   * @throws RangeError unless `p` is a number from 0 to 1
   */
  bernoulli(shape: Shape, options: BernoulliOptions): NdArray {
    const { p, dtype = 'float32', ...rest } = checkedOptions('Random.bernoulli', options);
    assertNoMoreOptions('Random.bernoulli', rest);
    assertNumber('Random.bernoulli', 'p', p);
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
   * The numbers 0 … n − 1 in random order (Fisher and Yates). All orders are equally likely.
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

  /** The current state, for `restore`. */
  state(): RandomState {
    return { arc4: cloneOf(this.generator.state()), spare: this.spare };
  }

  /**
   * Continues from a saved state: the next numbers are those that followed it.
   *
   * @throws DtypeError for anything else
   */
  restore(state: RandomState): void {
    if (!isRandomState(Object(state))) throw new DtypeError('Random.restore: expected a state that state() returned');
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

/** Mean, standard deviation and dtype of normal numbers. */
export interface NormalOptions {
  /** The mean. Default: 0. */
  mean?: number;
  /** The standard deviation, from 0 up. Default: 1. */
  std?: number;
  /** The dtype of the array. The same numbers are drawn for both, and rounded. Default: `'float32'`. */
  dtype?: Dtype;
}

/** Bounds and dtype of uniform numbers. */
export interface UniformOptions {
  /** The smallest possible number. Default: 0. */
  low?: number;
  /** All numbers are below this bound, except for rounding. Default: 1. */
  high?: number;
  /** The dtype of the array. The same numbers are drawn for both, and rounded. Default: `'float32'`. */
  dtype?: Dtype;
}

/** The probability of ones, and the dtype. */
export interface BernoulliOptions {
  /** The probability that an element is 1, from 0 to 1. */
  p: number;
  /** The dtype of the array. Default: `'float32'`. */
  dtype?: Dtype;
}

function isRandomState({ arc4, spare }: Partial<RandomState>): boolean {
  const isByte = (value: unknown) => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256;
  const { i, j, S }: Partial<Arc4State> = Object(arc4);
  return (
    isByte(i) &&
    isByte(j) &&
    Array.isArray(S) &&
    S.length === 256 &&
    S.every(isByte) &&
    (spare === null || Number.isFinite(spare))
  );
}

function cloneOf(state: Arc4State): Arc4State {
  return { ...state, S: [...state.S] };
}
