import { assign, type NdArray, Random } from '../../array/index.js';
import type { Layer } from '../../layers/layer.js';
import type { Answer, Request, WireArray, WireValue } from './wire.js';
import { arrayOf, wireOf } from './wire-arrays.js';

/**
 * Answers the requests of the grader: makes objects, passes arrays to them and returns what they return. The harness
 * does this for a submission. The grader does it for the library's own classes, to try a test case.
 */

/** An object of a submission, or of the library. */
type Made = Layer & Record<string, unknown>;

/** Where the classes and functions come from that a request names. */
export interface Origin {
  /** An export of a file of the submission. */
  fromFile(file: string, name: string): unknown;
  /** An export of the library. */
  fromLibrary(name: string): unknown;
  /** Where an error was thrown, such as `src/linear.ts:12`. */
  placeOf(error: Error): string | undefined;
}

/** The objects that requests have made, by name. */
export class RequestTable {
  private readonly made = new Map<string, Made>();

  constructor(private readonly origin: Origin) {}

  /** Answers a request. An error that a request throws is its answer. */
  async answer(request: Request): Promise<Answer> {
    try {
      return await this.result(request);
    } catch (error) {
      return { error: await this.described(error) };
    }
  }

  private async result(request: Request): Promise<Answer> {
    switch (request.op) {
      case 'make':
      case 'library': {
        const { fromFile, fromLibrary } = this.origin;
        const type = await (request.op === 'make' ? fromFile(request.file, request.name) : fromLibrary(request.name));
        this.made.set(request.as, (await this.construct(type, request.args)) as Made);
        return { value: null };
      }
      case 'set': {
        const parameters = this.named(request.of).parameters();
        if (parameters.length !== request.arrays.length) {
          throw new Error(`parameters() returned ${parameters.length} parameters; expected ${request.arrays.length}`);
        }
        for (const [i, parameter] of parameters.entries()) assign(parameter[request.what], arrayOf(request.arrays[i]));
        return { value: null };
      }
      case 'call': {
        const object = this.named(request.of);
        const args = (await this.decode(request.args)) as unknown[];
        const method = object[request.method];
        if (typeof method !== 'function') throw new TypeError(`there is no method ${request.method}`);
        const value: unknown = method.apply(object, args);
        return { ...encode(value), changed: args.some((arg, i) => isChanged(arg, request.args[i])) };
      }
      case 'apply': {
        const f = (await this.origin.fromFile(request.file, request.name)) as (...args: unknown[]) => unknown;
        return encode(f(...((await this.decode(request.args)) as unknown[])));
      }
      case 'setField':
        assign(this.named(request.of)[request.field] as NdArray, arrayOf(request.array));
        return { value: null };
      case 'field':
        return encode(this.named(request.of)[request.field]);
      default:
        return {
          value: this.named(request.of)
            .parameters()
            .map((parameter) => wireOf(parameter[request.what])),
        };
    }
  }

  private named(name: string): Made {
    const found = this.made.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }

  private async decode(value: WireValue): Promise<unknown> {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.decode(item)));
    if ('$array' in value) return arrayOf(value as WireArray);
    if ('$random' in value) return new Random(value.$random as number);
    if ('$ref' in value) return this.named(String(value.$ref));
    if ('$parameters' in value) return this.named(String(value.$parameters)).parameters();
    if ('$new' in value) {
      return this.construct(await this.origin.fromLibrary(String(value.$new)), value.args as WireValue[]);
    }
    const entries = await Promise.all(Object.entries(value).map(async ([key, it]) => [key, await this.decode(it)]));
    return Object.fromEntries(entries);
  }

  private async construct(type: unknown, args: readonly WireValue[]): Promise<unknown> {
    const decoded: unknown[] = [];
    for (const arg of args) decoded.push(await this.decode(arg)); // in order, because some draw random numbers
    return new (type as new (...args: unknown[]) => unknown)(...decoded);
  }

  /** The error, and the line of the submission that threw it. */
  private async described(error: unknown): Promise<Answer['error']> {
    if (!(error instanceof Error)) return { name: 'Error', message: String(error).slice(0, 500) };
    const name = /^(\w+) is not defined$/.exec(error.message)?.[1];
    const advice = name === undefined ? '' : `. ${await this.adviceOn(name)}`;
    return { name: error.name, message: `${error.message.slice(0, 400)}${advice}`, at: this.origin.placeOf(error) };
  }

  private async adviceOn(name: string): Promise<string> {
    const known = (await this.origin.fromLibrary(name)) !== undefined;
    return known ? `Import it: import { ${name} } from 'handgrad'` : 'Is the name misspelled, or its import missing?';
  }
}

function encode(value: unknown): Answer {
  if (typeof value === 'number') return { value: wireOf(value) };
  const isArray = typeof value === 'object' && value !== null && Array.isArray((value as NdArray).shape);
  return isArray ? { value: wireOf(value as NdArray) } : { value: null, instead: nameOf(value).slice(0, 200) };
}

/** What a submission returned instead of an array, and what the reason could be. */
function nameOf(value: unknown): string {
  if (value === undefined) return 'undefined, not an array. Is a return missing?';
  if (value instanceof Promise) {
    value.catch(() => {}); // what it throws later must not end the process
    return 'a promise, not an array. Is the method async? Remove async and await';
  }
  if (ArrayBuffer.isView(value)) {
    return 'numbers without a shape, not an array. Did you use x.data.map(…)? Use map(x, …)';
  }
  if (Array.isArray(value)) return 'a list, not an array. Use array(list) to make an array of it';
  return `${typeof value === 'object' ? 'an object' : String(value).slice(0, 100)}, not an array`;
}

function isChanged(arg: unknown, sent: WireValue): boolean {
  const isArray = typeof sent === 'object' && sent !== null && '$array' in sent;
  return isArray && wireOf(arg as NdArray).$array !== sent.$array;
}
