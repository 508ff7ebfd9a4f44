/** Lets everything else that waits, timers, signals, the terminal, have its turn before long work goes on. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
