import { messageOf } from '../../array/index.js';

/** What the system's codes mean for a file or folder that somebody named. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it, or a part of its path, is a file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

/**
 * Why a file or folder cannot be used, as the second half of a sentence that names it: the system's own messages name it
 * again, and the function that was called.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error && 'syscall' in error && 'code' in error)) return messageOf(error);
  const code = String(error.code);
  return Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : error.message.replace(/, \w+( '.*')?$/s, '');
}
