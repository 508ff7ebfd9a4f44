import { execFileSync } from 'node:child_process';

/** A Chromium of this system, as playwright-core brings none. */
export function findChromium(): string | undefined {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {
      // Not under this name.
    }
  }
  return undefined;
}
