/** Products are copied round and round through so many bytes: twice what the largest caches of a group of cores hold. */
const ROUND = 2 ** 26;
/** Fewer bytes than these go to the first place always. */
const LEAST = 2 ** 20;
/** A copy of fewer bytes a millisecond is slow: it has half the speed of memory outside all caches. */
const SLOW = 6e6;
/** Copies are judged together once they are so many bytes: by most of these, for a thread may be put off in the middle of any one. */
const WINDOW = 2 ** 24;
/** What was found holds for so many times as many bytes. */
const WINDOWS = 30;

/**
 * The space in WebAssembly's memory where operands are put. It is always the same place, which is in the caches then, unless the
 * threads run on cores that share no cache. There, memory that the other core has read is written several times as slowly as
 * memory that it does not know. So when copying turns out to be slow, every product goes behind the one before, and by the time that
 * all the space was used, the other core's cache has forgotten what was at its beginning.
 */
export class Space {
  private copied = 0;
  private slow = 0;
  private windowsLeft = 0;
  private used = 0;

  /** @param start its first address */
  constructor(private readonly start: number) {}

  /** The address of so many bytes, which are free till the next call. */
  take(bytes: number): number {
    if (this.windowsLeft === 0 || bytes < LEAST || bytes > ROUND) return this.start;
    if (this.used + bytes > ROUND) this.used = 0;
    this.used += bytes;
    return this.start + this.used - bytes;
  }

  /** Learns from a copy of operands that other threads read: how many bytes took how many milliseconds. */
  learn(bytes: number, milliseconds: number): void {
    this.copied += bytes;
    if (bytes < SLOW * milliseconds) this.slow += bytes;
    if (this.copied < WINDOW) return;
    if (this.windowsLeft > 0) this.windowsLeft--;
    else if (this.slow > this.copied / 2) this.windowsLeft = WINDOWS;
    this.copied = 0;
    this.slow = 0;
  }
}
