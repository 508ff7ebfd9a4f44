/**
 * A signal that is aborted by the first Ctrl-C (or SIGTERM), so that the work can finish cleanly. The second one ends
 * the process immediately.
 *
 * @param onStop is called at the first one
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

/** The exit code after Ctrl-C: 128 plus the number of SIGINT. */
export const INTERRUPTED = 130;
