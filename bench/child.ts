import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { PeerConfig } from './peers.js';
import type { Reply, Request } from './protocol.js';

/** The maximum time of one request, in seconds. handgrad's reference needs minutes for three steps of J4 or J5. */
const PATIENCE = 1200;

/** Variables that set the number of threads. A process gets only those of its own configuration. */
const THREAD_VARIABLES = /^(OMP|OPENBLAS|GOTO|MKL|BLIS|KMP|VECLIB|NUMEXPR)_/;

/** The process of a library, and the communication with it. */
export class Child {
  versions: Record<string, string> = {};
  private readonly replies: AsyncIterator<string>;
  private readonly failed: Promise<'failed'>;
  private complaints = '';

  private constructor(private readonly process: ChildProcess) {
    this.replies = createInterface({ input: process.stdio[3] as Readable })[Symbol.asyncIterator]();
    this.failed = new Promise((resolve) => {
      process.once('error', ({ message }) => {
        this.complaints += message;
        resolve('failed');
      });
    });
    process.stderr?.on('data', (chunk) => {
      this.complaints = (this.complaints + chunk).slice(-2000);
    });
    process.stdin?.on('error', () => {}); // if the process has died, its reply is missing
  }

  /** Starts the process. Throws a sentence if it does not start here. */
  static async start(peer: PeerConfig, folder: string): Promise<Child> {
    const inherited = Object.entries(process.env).filter(([name]) => !THREAD_VARIABLES.test(name));
    const [command, ...args] = peer.command(folder);
    const spawned = spawn(command, args, {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: { ...Object.fromEntries(inherited), ...peer.env },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    const child = new Child(spawned);
    const reply = await child.next();
    if (!('ready' in reply)) throw new Error('error' in reply ? reply.error : 'did not say that it is ready');
    child.versions = reply.ready;
    return child;
  }

  async ask(request: Request): Promise<Reply> {
    this.process.stdin?.write(JSON.stringify(request) + '\n');
    return this.next();
  }

  /** Ends the process. */
  stop(): void {
    this.process.kill('SIGKILL');
  }

  private async next(): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, PATIENCE * 1000, 'late');
    });
    const result = await Promise.race([this.replies.next(), late, this.failed]);
    clearTimeout(timer);
    if (result === 'late') {
      this.stop();
      throw new Error(`took longer than ${PATIENCE} s and was stopped`);
    }
    if (result === 'failed' || result.done) throw new Error(`ended by itself: ${lastLine(this.complaints)}`);
    return JSON.parse(result.value);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) || 'it said nothing';
}
