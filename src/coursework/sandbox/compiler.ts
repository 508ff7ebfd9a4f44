import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { LIBRARY } from '../library.js';
import type { Sources } from '../submission.js';
import { killOnExit } from './cleanup.js';
import type { CompiledFile, CompileRequest } from './compiler-worker.js';
import { onExpiry, stopwatch } from './cpu-time.js';

const WORKER = join(LIBRARY, 'lib', 'coursework', 'sandbox', 'compiler-worker.js');
const TIME_LIMIT = 20_000;

/** Compiles submissions one at a time. A file that keeps the compiler busy costs only its own submission. */
export class Compiler {
  private worker: ChildProcess | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private id = 0;

  /** Compiles each file, or reports why it does not compile. Requests are served in order. */
  compile(sources: Sources): Promise<CompiledFile[]> {
    const result = this.last.then(() => this.serve(sources));
    this.last = result;
    return result;
  }

  /** Ends the compiler process. */
  close(): void {
    this.worker?.kill('SIGKILL');
    this.worker = undefined;
  }

  private serve(sources: Sources): Promise<CompiledFile[]> {
    const request: CompileRequest = { id: ++this.id, files: [...sources] };
    if (!this.worker?.connected) this.worker = start();
    const { worker } = this;
    return new Promise((resolve) => {
      const giveUp = (why: string) => {
        if (this.worker !== worker) return; // given up already
        finish();
        this.close();
        resolve(request.files.map(([path]) => ({ path, error: `src/${path}: ${why}`, imported: [], lines: {} })));
      };
      const onMessage = (reply: { id: number; files: CompiledFile[] }) => {
        if (reply.id !== request.id) return;
        finish();
        resolve(reply.files);
      };
      const onEnd = () => giveUp('the compiler ended before it finished');
      const stop = onExpiry(stopwatch(worker.pid), TIME_LIMIT, () =>
        giveUp(`the compiler did not finish within ${TIME_LIMIT / 1000} s`),
      );
      const finish = () => {
        stop();
        worker.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
      };
      worker.on('message', onMessage).once('exit', onEnd).once('error', onEnd);
      worker.send(request, (error) => error && onEnd());
    });
  }
}

function start(): ChildProcess {
  const worker = fork(WORKER, {
    execArgv: ['--max-old-space-size=768', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  });
  killOnExit(worker);
  return worker;
}
