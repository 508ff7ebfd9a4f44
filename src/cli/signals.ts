/**
 * A signal that the first Ctrl-C (or SIGTERM) gives, so that work can end in order; the second ends the process at once.
 *
 * @param onStop called at the first
 */
export function stopSignal(onStop: () => void): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
      onStop();
    });
  }
  return controller.signal;
}

/** The exit code of a process that Ctrl-C ended: 128 and the number of SIGINT. */
export const INTERRUPTED = 130;
