import type { Config } from './config.js';
import { type Report, Session } from './session.js';

/** What the page asks of the worker. */
export type Request =
  | { kind: 'start'; config: Config }
  | { kind: 'run' }
  | { kind: 'pause' }
  | { kind: 'step' }
  | { kind: 'drawn' };

/** Milliseconds of training between two looks at the page's messages. */
const SLICE = 25;

let session: Session | undefined;
let running = false;
let waiting = false; // for the page to draw the last report

/** Trains for a moment, reports, and goes on when the page has drawn it. */
function work(): void {
  if (!running || waiting || !session) return;
  const until = performance.now() + SLICE;
  do session.advance();
  while (performance.now() < until && !session.problem);
  report();
  if (session.problem) running = false;
}

function report(): void {
  if (!session) return;
  waiting = true;
  const message: Report = session.report();
  postMessage(message);
}

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  if (data.kind === 'start') {
    session = new Session(data.config);
    running = false;
    report();
  } else if (data.kind === 'run') {
    running = true;
    work();
  } else if (data.kind === 'pause') {
    running = false;
  } else if (data.kind === 'step') {
    running = false;
    session?.advance();
    report();
  } else {
    waiting = false;
    work();
  }
});
