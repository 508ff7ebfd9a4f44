import type { NdArray } from '../../array/index.js';
import { plainText } from '../plain-text.js';
import type { Answer, Request, Responder, WireValue } from '../sandbox/wire.js';
import { arrayOf, isWireArray, wireOf } from '../sandbox/wire-arrays.js';

/** The submission threw, or returned something that is not an array. */
export class SubmissionError extends Error {
  override readonly name: string = 'WorkError';
}

/** The submission threw `NotImplementedError`. */
export class StubError extends SubmissionError {
  override readonly name = 'StubError';
}

/** What a call returned, and its side effects. */
export interface Returned {
  value: NdArray;
  changed: boolean;
}

/** A client for the objects of a submission, which live in another process. Arrays go in, arrays come out. */
export class SubmissionClient {
  /**
   * @param time the milliseconds that are left for the task; each request reduces them
   * @param placeOf where the submission declares a method or a function, such as `src/linear.ts:12`
   */
  constructor(
    private readonly session: Responder,
    private readonly time: { left: number },
    private readonly placeOf: (name: string) => string | undefined = () => undefined,
  ) {}

  /** Makes an object of one of the submission's classes. */
  async make(as: string, file: string, name: string, args: WireValue[]): Promise<void> {
    await this.ask({ op: 'make', as, file: `${file}.js`, name, args });
  }

  /** Makes an object of one of the library's classes. */
  async library(as: string, name: string, args: WireValue[]): Promise<void> {
    await this.ask({ op: 'library', as, name, args });
  }

  /** Writes the parameters' values or gradients. */
  async set(of: string, what: 'value' | 'grad', arrays: readonly NdArray[]): Promise<void> {
    await this.ask({ op: 'set', of, what, arrays: arrays.map(wireOf) });
  }

  /** Reads the parameters' values or gradients. */
  async get(of: string, what: 'value' | 'grad'): Promise<NdArray[]> {
    const { value } = await this.ask({ op: 'get', of, what });
    if (!Array.isArray(value) || !value.every(isWireArray))
      throw new SubmissionError(`parameters() returned no ${what}s`);
    return value.map(arrayOf);
  }

  /** Reads an array field. */
  async field(of: string, field: string): Promise<NdArray> {
    return this.onlyArray(field, 'is', await this.ask({ op: 'field', of, field }));
  }

  /** Writes an array field. */
  async setField(of: string, field: string, array: NdArray): Promise<void> {
    await this.ask({ op: 'setField', of, field, array: wireOf(array) });
  }

  /** Calls a method that returns nothing. */
  async tell(of: string, method: string): Promise<void> {
    await this.ask({ op: 'call', of, method, args: [] });
  }

  /** Calls a method with arrays. */
  async call(of: string, method: string, args: readonly NdArray[], limit?: number): Promise<Returned> {
    const answer = await this.ask({ op: 'call', of, method, args: args.map(wireOf) }, limit);
    return { value: this.onlyArray(method, 'returned', answer), changed: answer.changed === true };
  }

  /** Calls a function with any arguments. */
  async apply(file: string, name: string, args: WireValue[]): Promise<NdArray> {
    return this.onlyArray(name, 'returned', await this.ask({ op: 'apply', file: `${file}.js`, name, args }));
  }

  private async ask(request: Request, limit = Infinity): Promise<Answer> {
    const reply = await this.session.ask(request, Math.max(1, Math.min(limit, this.time.left)));
    this.time.left -= this.session.used;
    const { error } = reply;
    if (error === undefined || error === null) return reply;
    const [name, text, at] = [error.name, error.message, error.at].map((part) => word(part));
    throw name === 'NotImplementedError'
      ? new StubError(text)
      : new SubmissionError(`${name}: ${text}${at ? ` (${at})` : ''}`);
  }

  private onlyArray(what: string, verb: string, { value, instead }: Answer): NdArray {
    const place = this.placeOf(what);
    const fail = (text: string) => new SubmissionError(`${what} ${verb} ${text}${place ? ` (${place})` : ''}`);
    if (!isWireArray(value)) throw fail(word(instead) || 'something, not an array');
    try {
      return arrayOf(value);
    } catch {
      throw fail('an array whose elements do not fill its shape');
    }
  }
}

/** A text from the other process, shortened. */
function word(value: unknown): string {
  return typeof value === 'string' ? plainText(value.slice(0, 500)) : '';
}
