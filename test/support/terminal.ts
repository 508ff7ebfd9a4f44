import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url));

/** Whether this system has the command `script`, which gives a program a real terminal. */
export const hasTerminal =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

/** What a terminal got. */
export interface Captured {
  /** The lines that it breaks where they are too long. */
  lines: string[];
  /** The lines that it cuts where they are too long: progress bars. */
  cut: string[];
}

/** Runs `handgrad` with each of some arguments on a terminal of a width. */
export function onTerminal(width: number, cwd: string, ...commands: readonly string[]): Captured {
  const calls = commands.map((command) => `'${process.execPath}' '${main}' ${command}`);
  const shell = [`stty cols ${width}`, ...calls].join('; ');
  return capturedLines(spawnSync('script', ['-qec', shell, '/dev/null'], { cwd, encoding: 'utf8' }).stdout);
}

/** Reads the escapes that matter: `?7l` and `?7h` switch the breaking of lines, and others move the cursor. */
function capturedLines(text: string): Captured {
  const [first, ...parts] = text.split('\x1b[');
  const captured: Captured = { lines: [], cut: [] };
  let line = '';
  let wraps = true;
  const end = () => {
    if (line !== '') captured[wraps ? 'lines' : 'cut'].push(line);
    line = '';
  };
  const print = (printed: string) => {
    const [rest, ...next] = printed.split(/[\r\n]+/);
    line += rest;
    for (const started of next) {
      end();
      line = started;
    }
  };
  print(first);
  for (const part of parts) {
    const [code] = /^[0-9;?]*[A-Za-z]/.exec(part) ?? [''];
    if (!code.endsWith('m')) end();
    if (code.startsWith('?7')) wraps = code === '?7h';
    print(part.slice(code.length));
  }
  end();
  return captured;
}
