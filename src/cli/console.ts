import { MultiBar, type SingleBar } from 'cli-progress';

/**
 * What a command shows. People get sentences, and on a terminal a progress bar below them; with `--json`, stdout gets
 * one document at the end and nothing else, and the sentences go to stderr.
 */
export class Console {
  private bars: MultiBar | undefined;
  private bar: SingleBar | undefined;
  private task = '';
  private lastTenth = -1;
  private pending: string[] = [];

  constructor(private readonly json: boolean) {}

  /** A line for people. */
  say(line = ''): void {
    if (!this.bars) {
      (this.json ? process.stderr : process.stdout).write(`${line}\n`);
      return;
    }
    this.pending.push(line);
    this.bars.log(`${line}\n`);
  }

  /** A line for people who wait, not for a file: shown unless `--json`. */
  note(line: string): void {
    if (!this.json) this.say(line);
  }

  /** The result as one JSON document, with `--json` only. */
  result(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * Moves the progress bar of a task, making it at the first call; without a terminal, says a line every tenth.
   *
   * @param text what stands behind the bar
   */
  progress(task: string, done: number, total: number, text: string): void {
    if (task !== this.task) this.begin(task, total);
    if (this.bar) this.bar.update(done, { text });
    const tenth = total > 0 ? Math.floor((10 * done) / total) : 0;
    if (!this.bar && tenth > this.lastTenth) this.say(`${task}: ${text}`);
    this.lastTenth = Math.max(tenth, this.lastTenth);
  }

  /** Moves the bar where there is one, and says nothing where there is none. */
  silentProgress(task: string, done: number, total: number, text: string): void {
    if (this.onTerminal()) this.progress(task, done, total, text);
  }

  /** Takes the bar away. */
  endProgress(): void {
    this.bars?.stop();
    this.bars = undefined;
    this.bar = undefined;
    this.task = '';
    this.lastTenth = -1;
    for (const line of this.pending.splice(0)) this.say(line);
  }

  private begin(task: string, total: number): void {
    this.endProgress();
    this.task = task;
    if (!this.onTerminal()) return;
    this.bars = new MultiBar({
      format: `${task} {bar} {percentage} %  {text}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
    });
    // Lines are printed when the bar is next drawn; what it has not printed when it ends is said then.
    this.bars.on('redraw-post', () => this.pending.splice(0));
    this.bar = this.bars.create(total, 0, { text: '' });
  }

  private onTerminal(): boolean {
    return Boolean(process.stderr.isTTY && (this.json || process.stdout.isTTY));
  }
}

/** Rows as lines, each column as wide as its widest cell; numbers to the right. */
export function textTable(rows: readonly (readonly (string | number)[])[]): string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => String(row[c] ?? '').length)));
  const rightwards = Array.from({ length: columns }, (_, c) => rows.some((row) => typeof row[c] === 'number'));
  return rows.map((row) =>
    row
      .map((cell, c) => (rightwards[c] ? String(cell).padStart(widths[c]) : String(cell).padEnd(widths[c])))
      .join('  ')
      .trimEnd(),
  );
}

/** `5 min 12 s`, `48 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `50,000`. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
