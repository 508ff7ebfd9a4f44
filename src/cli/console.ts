import { MultiBar, type SingleBar } from 'cli-progress';
import { brokenText, fittingParts, widthOf } from './layout.js';
import { print } from './output.js';
import { onSuddenEnd } from './signals.js';

/**
 * The output of a command. It prints sentences and, on a terminal, a progress bar below them. With `--json`, stdout
 * gets only one document at the end, and the sentences go to stderr.
 */
export class Console {
  private bars: MultiBar | undefined;
  private bar: SingleBar | undefined;
  private task = '';
  private lastTenth = -1;
  private pending: string[] = [];
  private keepTerminal = () => {};
  /** The width that is left beside the bar. */
  private room = Infinity;

  constructor(private readonly json: boolean) {}

  /** The width that lines are laid out for: that of the terminal, or no limit for a file or a pipe. */
  get width(): number {
    return widthOf(this.json ? process.stderr : process.stdout);
  }

  /** Prints a line. A terminal gets it broken between words. */
  say(text = ''): void {
    const line = brokenText(text, this.width);
    if (!this.bars) {
      print(this.json ? process.stderr : process.stdout, `${line}\n`);
      return;
    }
    this.pending.push(line);
    this.bars.log(`${line}\n`);
  }

  /** Prints a line, except with `--json`. */
  note(line: string): void {
    if (!this.json) this.say(line);
  }

  /** Prints the result as one JSON document, only with `--json`. */
  result(value: unknown): void {
    if (this.json) print(process.stdout, `${JSON.stringify(value, null, 2)}\n`);
  }

  /**
   * Updates the progress bar of a task, and creates it at the first call. Without a terminal, it prints a line at
   * each tenth.
   *
   * @param text what stands after the bar: parts with two spaces between, the most important first
   */
  progress(task: string, done: number, total: number, text: string): void {
    if (task !== this.task) this.begin(task, total);
    if (this.bar) this.bar.update(done, { text: fittingParts(text.split('  '), this.room) });
    const tenth = total > 0 ? Math.floor((10 * done) / total) : 0;
    if (!this.bar && tenth > this.lastTenth) this.say(`${task}: ${text}`);
    this.lastTenth = Math.max(tenth, this.lastTenth);
  }

  /** Updates the bar on a terminal, and prints nothing elsewhere. */
  silentProgress(task: string, done: number, total: number, text: string): void {
    if (this.onTerminal()) this.progress(task, done, total, text);
  }

  /** Removes the bar. */
  endProgress(): void {
    this.bars?.stop();
    this.keepTerminal();
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
    const width = widthOf(process.stderr);
    const barsize = width < 80 ? 8 : width < 120 ? 16 : 24;
    this.room = width - task.length - barsize - '  100 %  '.length - 1;
    this.bars = new MultiBar({
      format: `${task} {bar} {percentage} %  {text}`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
    });
    // The bar prints lines when it is drawn next. Lines that it has not printed when it ends are printed then.
    this.bars.on('redraw-post', () => this.pending.splice(0));
    this.bar = this.bars.create(total, 0, { text: '' });
    // The bar hides the cursor and does not let lines wrap.
    this.keepTerminal = onSuddenEnd(() => print(process.stderr, '\x1b[?25h\x1b[?7h\n'));
  }

  private onTerminal(): boolean {
    return Boolean(process.stderr.isTTY && (this.json || process.stdout.isTTY));
  }
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
