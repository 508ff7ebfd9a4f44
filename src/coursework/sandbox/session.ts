import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { plainText } from '../plain-text.js';
import { killOnExit } from './cleanup.js';
import { onExpiry, stopwatch } from './cpu-time.js';
import { commandFor } from './isolation.js';
import type { Reply, Request, Responder } from './wire.js';

/**
 * The files of a session: a compiled submission, the library bundle that it imports, and the harness that calls it.
 */
export interface SessionFiles {
  /** The folder with the compiled files. */
  work: string;
  harness: string;
  /** The index of the library bundle. */
  index: string;
  /** All files and folders that the process may read. */
  readable: readonly string[];
}

/** A submission did not answer: it ended, was too slow, or sent an invalid answer. */
export class SessionError extends Error {
  override readonly name = 'SessionError';

  constructor(
    readonly kind: 'time' | 'ended' | 'garbage',
    message: string,
  ) {
    super(message);
  }
}

/** The longest reply: six arrays of 200,000 elements fit. */
const MAX_REPLY = 16_000_000;
const MAX_PRINTED = 4_000;
/** The milliseconds that a process may take to end by itself. */
const EXIT_LIMIT = 500;
const MEMORY = 768 * 2 ** 20;

/** An isolated process that runs a submission. It answers one request at a time. */
export class Session implements Responder {
  /** The beginning of what the submission printed. */
  printed = '';
  /** The milliseconds that the last request used. */
  used = 0;
  private readonly child: ChildProcess;
  /** The characters since the last request. */
  private received = 0;
  private pending = '';
  private id = 0;
  private waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  private end: SessionError | undefined;
  /** Fulfilled when the process is gone, and its memory is free. */
  private readonly gone: Promise<void>;

  constructor({ work, harness, index, readable }: SessionFiles) {
    const script = [harness, pathToFileURL(work).href, pathToFileURL(index).href];
    const { command, args, ...options } = commandFor({ readable, memory: MEMORY }, script);
    this.child = spawn(command, args, { ...options, cwd: '/', stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    killOnExit(this.child);
    this.gone = new Promise((resolve) => this.child.once('exit', () => resolve()).once('error', () => resolve()));
    this.child.on('error', (error) => this.fail('ended', `Its process could not start: ${error.message}`));
    this.child.on('exit', (code, signal) => this.fail('ended', `Its process ended (${signal ?? `exit code ${code}`})`));
    this.child.stdin?.on('error', () => {}); // the process may have ended; 'exit' reports it
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.print(text));
    }
    const replies = this.child.stdio[3] as Readable;
    replies.setEncoding('utf8').on('data', (text: string) => this.receive(text));
  }

  /**
   * Sends a request and waits for the answer, which may report that the submission threw.
   *
   * @param limit milliseconds of processor time, where the system reports it; a sleeping process may take four times
   * as long
   * @throws SessionError when there is no answer; the process has ended then
   */
  async ask(request: Request, limit: number): Promise<Reply> {
    if (this.end) throw this.end;
    const id = ++this.id;
    this.received = this.pending.length;
    const used = stopwatch(this.child.pid);
    const stop = onExpiry(used, limit, () => {
      this.fail('time', `It did not finish within ${Number((limit / 1000).toPrecision(2))} s.`);
    });
    try {
      return await new Promise<Reply>((resolve, reject) => {
        this.waiting = { resolve, reject };
        this.child.stdin?.write(`${JSON.stringify({ id, ...request })}\n`);
      });
    } catch (error) {
      await this.gone; // before another process starts
      throw error;
    } finally {
      stop();
      this.used = used();
      this.waiting = undefined;
    }
  }

  /** Lets the process end by itself, which it does when its input ends. Kills it after half a second. */
  async finish(): Promise<void> {
    if (this.end) return this.gone;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, EXIT_LIMIT);
      this.child.once('close', () => {
        clearTimeout(timer);
        done();
      });
      this.child.stdin?.end();
    });
    await this.stop();
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.end !== undefined;
  }

  /** Ends the process, and waits until it is gone. */
  stop(): Promise<void> {
    this.close();
    return this.gone;
  }

  /** Ends the process and everything that it started. */
  close(): void {
    this.fail('ended', 'The session was closed.');
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
      this.fail('garbage', 'It sent too much data.');
      return;
    }
    if (!text.includes('\n')) {
      this.pending += text; // splitting all of it for every chunk would take too long
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
      this.fail('garbage', 'It sent an invalid answer.');
      return;
    }
    const isAnswer = typeof reply === 'object' && reply !== null && 'id' in reply && reply.id === this.id;
    if (isAnswer) this.waiting?.resolve(reply as Reply);
  }
}
