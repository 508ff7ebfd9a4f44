import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { assign, type NdArray, Random } from '../../array/index.js';
import type { Layer } from '../../layers/layer.js';
import type { Reply, Request, WireArray, WireValue } from './wire.js';
import { arrayOf, wireOf } from './wire-arrays.js';

/**
 * The test harness: the process in which a submission runs. It makes objects of the submission's classes, passes
 * arrays to them and sends back what they return. It knows no right answer, score or rubric, so taking it over gains
 * nothing.
 */

/** An object of a submission, or of the library. */
type Made = Layer & Record<string, unknown>;

const { stringify, parse } = JSON;
const OUT = 3;
const made = new Map<string, Made>();
/** The URLs of the folder of the compiled submission, and of `handgrad` in this process. */
const [, , work, library] = process.argv;
let forwards = 0;

async function exported(file: string, name: string): Promise<unknown> {
  const module: Record<string, unknown> = await import(`${work}/${file}`);
  if (typeof module[name] !== 'function')
    throw new TypeError(`src/${file.replace(/js$/, 'ts')} does not export ${name}`);
  return module[name];
}

async function fromLibrary(name: string): Promise<new (...args: unknown[]) => unknown> {
  return (await import(library))[name];
}

function objectNamed(name: string): Made {
  const found = made.get(name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

async function decode(value: WireValue): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Promise.all(value.map(decode));
  if ('$array' in value) return arrayOf(value as WireArray);
  if ('$random' in value) return new Random(value.$random as number);
  if ('$ref' in value) return objectNamed(String(value.$ref));
  if ('$parameters' in value) return objectNamed(String(value.$parameters)).parameters();
  if ('$new' in value) return construct(await fromLibrary(String(value.$new)), value.args as WireValue[]);
  const entries = await Promise.all(Object.entries(value).map(async ([key, item]) => [key, await decode(item)]));
  return Object.fromEntries(entries);
}

async function construct(type: unknown, args: readonly WireValue[]): Promise<unknown> {
  const decoded: unknown[] = [];
  for (const arg of args) decoded.push(await decode(arg)); // in order, because some draw random numbers
  return new (type as new (...args: unknown[]) => unknown)(...decoded);
}

function encode(value: unknown): Omit<Reply, 'id'> {
  if (typeof value === 'number') return { value: wireOf(value) };
  if (typeof value === 'object' && value !== null) return { value: wireOf(value as NdArray) };
  return { value: null, instead: String(value).slice(0, 100) };
}

/** Counts all forward calls of an object. */
function counted(object: Made): Made {
  const { forward } = object;
  if (typeof forward !== 'function') return object;
  Object.defineProperty(object, 'forward', {
    value(this: Made, ...args: [NdArray]) {
      forwards++;
      return forward.apply(this, args);
    },
  });
  return object;
}

async function answer(request: Request): Promise<Omit<Reply, 'id'>> {
  switch (request.op) {
    case 'make':
    case 'library': {
      const type = request.op === 'make' ? await exported(request.file, request.name) : await fromLibrary(request.name);
      made.set(request.as, counted((await construct(type, request.args)) as Made));
      return { value: null };
    }
    case 'set': {
      const parameters = objectNamed(request.of).parameters();
      if (parameters.length !== request.arrays.length) {
        throw new Error(`parameters() returned ${parameters.length} parameters; expected ${request.arrays.length}`);
      }
      for (const [i, parameter] of parameters.entries()) assign(parameter[request.what], arrayOf(request.arrays[i]));
      return { value: null };
    }
    case 'call': {
      const object = objectNamed(request.of);
      const args = (await decode(request.args)) as unknown[];
      forwards = 0;
      const method = object[request.method];
      if (typeof method !== 'function') throw new TypeError(`there is no method ${request.method}`);
      const value: unknown = method.apply(object, args);
      return { ...encode(value), forwards, changed: args.some((arg, i) => isChanged(arg, request.args[i])) };
    }
    case 'apply': {
      const f = (await exported(request.file, request.name)) as (...args: unknown[]) => unknown;
      return encode(f(...((await decode(request.args)) as unknown[])));
    }
    case 'setField':
      assign(objectNamed(request.of)[request.field] as NdArray, arrayOf(request.array));
      return { value: null };
    case 'field':
      return encode(objectNamed(request.of)[request.field]);
    default:
      return {
        value: objectNamed(request.of)
          .parameters()
          .map((parameter) => wireOf(parameter[request.what])),
      };
  }
}

function isChanged(arg: unknown, sent: WireValue): boolean {
  const isArray = typeof sent === 'object' && sent !== null && '$array' in sent;
  return isArray && wireOf(arg as NdArray).$array !== sent.$array;
}

/** The error, and the line of the submission that threw it. */
function errorOf(error: unknown): Reply['error'] {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error).slice(0, 500) };
  const at = /\/src\/([\w./-]+\.ts:\d+)/.exec(error.stack?.replaceAll(library, '') ?? '');
  return { name: error.name, message: error.message.slice(0, 500), at: at ? `src/${at[1]}` : undefined };
}

function send(reply: Reply): void {
  const bytes = Buffer.from(`${stringify(reply)}\n`);
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(OUT, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

async function serve(line: string): Promise<void> {
  const { id, ...request } = parse(line) as Request & { id: number };
  try {
    send({ id, ...(await answer(request)) });
  } catch (error) {
    send({ id, error: errorOf(error) });
  }
}

// Requests arrive one at a time, one per line.
let pending = '';
for (const name of ['fetch', 'WebSocket', 'EventSource']) Reflect.deleteProperty(globalThis, name);
// Where the system does not hide other processes, this user could send signals to some of them.
for (const name of ['kill', '_kill', '_debugProcess', '_debugEnd']) Reflect.deleteProperty(process, name);
Reflect.deleteProperty(os, 'setPriority');
syncBuiltinESMExports();
process.stdin.setEncoding('utf8').on('data', (chunk: string) => {
  const lines = (pending + chunk).split('\n');
  pending = lines.pop() ?? '';
  for (const line of lines) void serve(line);
});
