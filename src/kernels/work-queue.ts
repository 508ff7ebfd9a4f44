import { type Product, partOf } from './product.js';

/** Positions in the board's memory: three counters of 32 bits, then the product as doubles. */
const TICKET = 0;
const READY = 1;
const FINISHED = 2;
const PRODUCT_BYTE = 16;
const BOARD_BYTES = 256;

/** The most parts a product is cut into: a ticket has 8 bits for the next part. */
export const MOST_PARTS = 255;
/** How often a thread looks for work before it lies down: for about a millisecond, since products come in quick succession. */
const LOOKS = 200_000;

/**
 * The board on which threads find their work: a product cut into parts, in memory that all of them share. Any thread takes the
 * next part until none is left, so one that is late, or busy with something else, is not waited for. Parts are released
 * one after the other, as what they need is brought.
 *
 * A ticket holds the number of the product (24 bits) and its next part (8 bits) in one word, and is taken by compare and
 * exchange: a thread that slept through the end of one product cannot take a part of the next under the old one's terms.
 * How many parts are ready stands beside it, with the number too: a ticket is worth nothing without one of the same product.
 */
export class Board {
  private readonly counters: Int32Array;
  private readonly numbers: Float64Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(BOARD_BYTES)) {
    this.counters = new Int32Array(memory);
    this.numbers = new Float64Array(memory, PRODUCT_BYTE);
  }

  /** Puts up a product in at most `MOST_PARTS` parts, of which none is ready yet. Only when the one before is finished. */
  post(product: Product, parts: number): void {
    const number = ((Atomics.load(this.counters, TICKET) >>> 8) + 1) << 8;
    Atomics.store(this.counters, TICKET, number);
    this.numbers.set([parts, ...numbersOf(product)]);
    Atomics.store(this.counters, FINISHED, 0);
    Atomics.store(this.counters, READY, number);
  }

  /** Lets the threads take the first so many parts, and calls them. */
  release(parts: number): void {
    Atomics.store(this.counters, READY, (Atomics.load(this.counters, READY) & ~0xff) | parts);
    Atomics.notify(this.counters, READY);
  }

  /** Takes and does parts until none is ready. */
  work(multiply: (part: Product) => void): void {
    for (;;) {
      const ticket = Atomics.load(this.counters, TICKET);
      if (!isOpen(ticket, Atomics.load(this.counters, READY))) return;
      const [parts, ...numbers] = this.numbers;
      if (Atomics.compareExchange(this.counters, TICKET, ticket, ticket + 1) !== ticket) continue;
      multiply(partOf(productOf(numbers), ticket & 0xff, parts));
      Atomics.add(this.counters, FINISHED, 1);
      Atomics.notify(this.counters, FINISHED);
    }
  }

  /** Blocks until a part is ready. Keeps looking at first: to be woken takes longer than many a part. */
  waitForWork(): void {
    let ready = 0;
    for (let look = 0; look < LOOKS; look++) {
      ready = Atomics.load(this.counters, READY);
      if (isOpen(Atomics.load(this.counters, TICKET), ready)) return;
    }
    Atomics.wait(this.counters, READY, ready);
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

/** Whether the next part is of the product whose parts are released, and among them. */
function isOpen(ticket: number, ready: number): boolean {
  return ticket >>> 8 === ready >>> 8 && (ticket & 0xff) < (ready & 0xff);
}

function numbersOf({ size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC }: Product): number[] {
  return [size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC];
}

function productOf(numbers: readonly number[]): Product {
  const [size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC] = numbers;
  return { size, n, m, k, alpha, a, rowA, columnA, b, rowB, columnB, beta, c, rowC };
}
