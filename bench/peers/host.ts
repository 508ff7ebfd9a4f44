import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Reply, type Request, SAMPLES, samplePosition } from '../protocol.js';
import { Cannot, Data, type Run, type Start } from './peer.js';

/**
 * The process of a peer that is a package of npm: `host.js PEER DATA-FOLDER [ARGUMENT…]` starts `PEER.js` and does
 * what the parent asks for, one request at a time. `serve.py` is the same for Python.
 */

/** Runs shorter than this are timed several at once, in seconds: a clock read on each would count too much. */
const SHORTEST = 0.002;

const [name, folder, ...args] = process.argv.slice(2);

async function clock(task: Run, repeats: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < repeats; i++) {
    const pending = task.run();
    if (pending) await pending;
  }
  return (performance.now() - started) / 1000 / repeats;
}

/**
 * Times of runs, for about so many seconds. The first run wakes things up and counts only when there is time for no
 * other.
 */
async function time(task: Run, seconds: number): Promise<number[]> {
  const first = await clock(task, 1);
  if (first > seconds) return [first];
  const repeats = Math.ceil(SHORTEST / Math.max(first, 1e-6));
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  do times.push(await clock(task, repeats));
  while (performance.now() < end);
  return times;
}

async function answer(task: Run, runs: number): Promise<{ answers: number[]; times: number[] }> {
  const answers: number[] = [];
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    times.push(await clock(task, 1));
    const answer = await task.answer();
    const count = Math.min(answer.length, SAMPLES);
    for (let j = 0; j < count; j++) {
      answers.push(answer[answer.length > SAMPLES ? samplePosition(j, answer.length) : j]);
    }
  }
  return { answers, times };
}

function reply(message: Reply): void {
  writeSync(3, JSON.stringify(message) + '\n');
}

function failure(error: unknown): Reply {
  if (error instanceof Cannot) return { cannot: error.message };
  return { error: error instanceof Error ? error.message : String(error) };
}

try {
  const { start }: { start: Start } = await import(`./${name}.js`);
  const peer = await start(args, new Data(folder));
  let open: Run | undefined;
  const opened = (): Run => {
    if (open === undefined) throw new Error('asked to run before a task was opened');
    return open;
  };
  const handle = async (request: Request): Promise<Reply> => {
    if (request.do === 'answers') return answer(opened(), request.runs);
    if (request.do === 'time') return { times: await time(opened(), request.seconds) };
    open?.close?.();
    open = undefined;
    if (request.do === 'close') return { closed: true };
    open = await peer.open(request.task);
    return { opened: true };
  };
  reply({ ready: peer.versions });
  for await (const line of createInterface({ input: process.stdin })) {
    reply(await handle(JSON.parse(line)).catch(failure));
  }
} catch (error) {
  reply(failure(error));
}
process.exit(0); // Worker threads of a peer would keep the process alive.
