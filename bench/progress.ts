/** Prints the current task to stderr: one line that is overwritten on a terminal, otherwise one line per minute. */
export class Progress {
  private readonly started = performance.now();
  private said = -Infinity;

  say(text: string): void {
    const elapsed = (performance.now() - this.started) / 1000;
    const line = `${clock(elapsed)}  ${text}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    } else if (elapsed - this.said >= 60) {
      this.said = elapsed;
      process.stderr.write(`${line}\n`);
    }
  }

  /** Prints a line that stays. */
  tell(text: string): void {
    const clear = process.stderr.isTTY ? '\r\x1b[K' : '';
    process.stderr.write(`${clear}${clock((performance.now() - this.started) / 1000)}  ${text}\n`);
  }
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}
