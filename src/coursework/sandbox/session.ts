import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { plainText } from '../plain-text.js';
import { killOnExit } from './cleanup.js';
import { onExpiry, stopwatch } from './cpu-time.js';
import { commandFor } from './isolation.js';
import type { Reply, Request } from './wire.js';

/** Where a submission runs: its compiled files, the kit they import, and the harness that calls them. */
export interface SessionFiles {
  /** The folder with the compiled files. */
  work: string;
  harness: string;
  /** What `handgrad` is in there. */
  index: string;
  /** All that it may read. */
  readable: readonly string[];
}

/** A submission did not answer: it ended, was too slow, or talked nonsense. */
export class SessionError extends Error {
  override readonly name = 'SessionError';

  constructor(
    readonly kind: 'time' | 'ended' | 'garbage',
    message: string,
  ) {
    super(message);
  }
}

const MAX_REPLY = 16_000_000;
const MAX_PRINTED = 4_000;
/** How long a process may take to say its last words, in milliseconds. */
const FAREWELL = 1000;
const MEMORY = 768 * 2 ** 20;

/** A process with a submission in it, locked in; questions are put to it one at a time. */
export class Session {
  /** What the submission printed, the first part of it. */
  printed = '';
  /** Milliseconds that the last question has cost. */
  used = 0;
  private readonly child: ChildProcess;
  private received = 0;
  private pending = '';
  private id = 0;
  private waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  private end: SessionError | undefined;

  constructor({ work, harness, index, readable }: SessionFiles) {
    const script = [harness, pathToFileURL(work).href, pathToFileURL(index).href];
    const { command, args, ...options } = commandFor({ readable, memory: MEMORY }, script);
    this.child = spawn(command, args, { ...options, cwd: '/', stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    killOnExit(this.child);
    this.child.on('error', (error) => this.fail('ended', `its process could not be started: ${error.message}`));
    this.child.on('exit', (code, signal) => this.fail('ended', `its process ended (${signal ?? `exit code ${code}`})`));
    this.child.stdin?.on('error', () => {}); // it may be gone; 'exit' says so
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.print(text));
    }
    const replies = this.child.stdio[3] as Readable;
    replies.setEncoding('utf8').on('data', (text: string) => this.receive(text));
  }

  /**
   * Puts a question and waits for the answer, which may say that the submission threw.
   *
   * @param limit milliseconds of processor time, where the system tells; a process that sleeps may take four times as long
   * @throws SessionError when there is none; the process is gone then
   */
  async ask(request: Request, limit: number): Promise<Reply> {
    if (this.end) throw this.end;
    const id = ++this.id;
    const used = stopwatch(this.child.pid);
    const stop = onExpiry(used, limit, () => {
      this.fail('time', `it was not done after ${Number((limit / 1000).toPrecision(2))} s`);
    });
    try {
      return await new Promise<Reply>((resolve, reject) => {
        this.waiting = { resolve, reject };
        this.child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
      });
    } finally {
      stop();
      this.used = used();
      this.waiting = undefined;
    }
  }

  /** Lets the process end by itself, which it does when no more questions can come; nobody waits for it long. */
  async finish(): Promise<void> {
    if (this.end) return;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, FAREWELL);
      this.child.once('close', () => {
        clearTimeout(timer);
        done();
      });
      this.child.stdin?.end();
    });
    this.close();
  }

  /** Whether the process is gone. */
  get ended(): boolean {
    return this.end !== undefined;
  }

  /** Ends the process, and all that it started. */
  close(): void {
    this.fail('ended', 'it was closed');
  }

  private fail(kind: SessionError['kind'], message: string): void {
    if (this.end) return;
    this.end = new SessionError(kind, message);
    this.child.kill('SIGKILL');
    for (const stream of this.child.stdio) stream?.destroy();
    this.waiting?.reject(this.end);
  }

  private print(text: string): void {
    if (this.printed.length < MAX_PRINTED) this.printed = (this.printed + plainText(text)).slice(0, MAX_PRINTED);
  }

  private receive(text: string): void {
    this.received += text.length;
    if (this.received > MAX_REPLY) {
      this.fail('garbage', 'it sent more than anybody asked for');
      return;
    }
    if (!text.includes('\n')) {
      this.pending += text; // to look through all of it at every piece would take for ever
      return;
    }
    const lines = (this.pending + text).split('\n');
    this.pending = lines.pop() ?? '';
    for (const line of lines) this.receiveLine(line);
  }

  private receiveLine(line: string): void {
    let reply: unknown;
    try {
      reply = JSON.parse(line);
    } catch {
      this.fail('garbage', 'it sent something else than an answer');
      return;
    }
    const isAnswer = typeof reply === 'object' && reply !== null && 'id' in reply && reply.id === this.id;
    if (isAnswer) this.waiting?.resolve(reply as Reply);
  }
}
