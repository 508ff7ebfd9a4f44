import { basename } from 'node:path';

/** The exit code after Ctrl-C: 128 plus the number of SIGINT. Other ways to stop a command have the same. */
export const INTERRUPTED = 130;

/**
 * Whether `nohup` started this process: then a terminal that is closed does not stop it. Node forgets which signals it
 * inherited as ignored, but shells put the command that they start into the variable `_`.
 */
const UNDER_NOHUP = basename(process.env._ ?? '') === 'nohup';

/** Ctrl-C, `kill`, and a terminal that is closed. */
const SIGNALS: readonly NodeJS.Signals[] = UNDER_NOHUP ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGHUP'];

if (UNDER_NOHUP) process.on('SIGHUP', () => {});

const stops: (() => void)[] = [];
const restores = new Set<() => void>();

/**
 * A signal that is aborted by the first Ctrl-C, SIGTERM or SIGHUP, and when nobody reads the output any more, so that
 * the work can finish cleanly. A second Ctrl-C ends the process immediately.
 *
 * @param onStop is called at the first one
 */
export function stopSignal(onStop: () => void): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    onStop();
  };
  stops.push(stop);
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) endNow();
      stop();
    });
  }
  return controller.signal;
}

/**
 * Ends the process at a signal if the command has no `stopSignal`: what is half-written is then finished or removed by
 * those who watch the exit, and the terminal is restored.
 *
 * @param onEnd is called before
 */
export function endAtSignals(onEnd: () => void): void {
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (stops.length > 0) return;
      onEnd();
      endNow();
    });
  }
}

/** Stops the work as the first Ctrl-C does. A command that has no `stopSignal` finishes. */
export function stopWork(): void {
  for (const stop of stops) stop();
}

/** Calls a function if the process is ended at once, until the returned function is called: it restores the terminal. */
export function onSuddenEnd(restore: () => void): () => void {
  restores.add(restore);
  return () => restores.delete(restore);
}

function endNow(): void {
  for (const restore of restores) restore();
  process.exit(INTERRUPTED);
}
