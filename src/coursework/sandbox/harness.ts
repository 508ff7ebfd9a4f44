import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { RequestTable } from './requests.js';
import type { Reply, Request } from './wire.js';

/**
 * The test harness: the process in which a submission runs. It answers requests with what the submission returns. It
 * knows no right answer, score or rubric, so taking it over gains nothing.
 */

const { stringify, parse } = JSON;
const OUT = 3;
/** The URLs of the folder of the compiled submission, and of `handgrad` in this process. */
const [, , work, library] = process.argv;

const table = new RequestTable({
  fromFile: async (file, name) => {
    const module: Record<string, unknown> = await import(`${work}/${file}`);
    if (typeof module[name] !== 'function')
      throw new TypeError(`src/${file.replace(/js$/, 'ts')} does not export ${name}`);
    return module[name];
  },
  fromLibrary: async (name) => (await import(library))[name],
  placeOf: ({ stack }) => {
    const at = /\/src\/([\w./-]+\.ts:\d+)/.exec(stack?.replaceAll(library, '') ?? '');
    return at ? `src/${at[1]}` : undefined;
  },
});

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
  send({ id, ...(await table.answer(request)) });
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
