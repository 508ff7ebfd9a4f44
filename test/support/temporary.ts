import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder, removed after the test that is running. */
export function temporaryFolders(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'handgrad-test-')));
    made.push(folder);
    return folder;
  };
}

/** Runs `f` and returns what it throws or rejects with. */
export async function errorOf(f: () => unknown): Promise<Error> {
  try {
    await f();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected an error, but there was none');
}
