import { type Product, partOf } from './product.js';

/** Positions in the board's memory: two counters of 32 bits, then the product as doubles. */
const TICKET = 0;
const FINISHED = 1;
const PRODUCT_BYTE = 8;
const BOARD_BYTES = 256;

/** The most parts a product is cut into: a ticket has 8 bits for the next part. */
const MOST_PARTS = 254;
/** How often a thread looks for work before it lies down: for about a millisecond, since products come in quick succession. */
const LOOKS = 200_000;
/** The next part of a product that is still being written down. */
const CLOSED = 255;

/**
 * The board on which threads find their work: a product cut into parts, in memory that all of them share. Any thread takes the
 * next part until none is left, so one that is late, or busy with something else, is not waited for.
 *
 * A ticket holds the number of the product (24 bits) and its next part (8 bits) in one word, and is taken by compare and
 * exchange: a thread that slept through the end of one product cannot take a part of the next under the old one's terms.
 */
export class Board {
  private readonly counters: Int32Array;
  private readonly numbers: Float64Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(BOARD_BYTES)) {
    this.counters = new Int32Array(memory);
    this.numbers = new Float64Array(memory, PRODUCT_BYTE);
  }

  /** Puts up a product and calls the threads. Only when the one before is finished. */
  post(product: Product, parts: number): void {
    const number = ((Atomics.load(this.counters, TICKET) >>> 8) + 1) << 8;
    Atomics.store(this.counters, TICKET, number | CLOSED);
    this.numbers.set([Math.min(parts, MOST_PARTS), ...numbersOf(product)]);
    Atomics.store(this.counters, FINISHED, 0);
    Atomics.store(this.counters, TICKET, number);
    Atomics.notify(this.counters, TICKET);
  }

  /** Takes and does parts until none is left. */
  work(multiply: (part: Product) => void): void {
    for (;;) {
      const ticket = Atomics.load(this.counters, TICKET);
      const [parts, ...numbers] = this.numbers;
      const index = ticket & 0xff;
      if (index >= parts) return;
      if (Atomics.compareExchange(this.counters, TICKET, ticket, ticket + 1) !== ticket) continue;
      multiply(partOf(productOf(numbers), index, parts));
      Atomics.add(this.counters, FINISHED, 1);
      Atomics.notify(this.counters, FINISHED);
    }
  }

  /** Blocks until a product is put up. Keeps looking at first: to be woken takes longer than many a part. */
  waitForWork(): void {
    let ticket = Atomics.load(this.counters, TICKET);
    for (let look = 0; look < LOOKS; look++) {
      if ((ticket & 0xff) < this.numbers[0]) return;
      ticket = Atomics.load(this.counters, TICKET);
    }
    if ((ticket & 0xff) >= this.numbers[0]) Atomics.wait(this.counters, TICKET, ticket);
  }

  /** Blocks until all parts are done; false when none was for as long as `patience` (milliseconds). */
  waitForAll(patience: number): boolean {
    for (;;) {
      const finished = Atomics.load(this.counters, FINISHED);
      if (finished >= this.numbers[0]) return true;
      if (Atomics.wait(this.counters, FINISHED, finished, patience) === 'timed-out') return false;
    }
  }
}

function numbersOf({ size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC }: Product): number[] {
  return [size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC];
}

function productOf(numbers: readonly number[]): Product {
  const [size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC] = numbers;
  return { size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC };
}
