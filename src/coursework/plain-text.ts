/**
 * Removes from untrusted text what moves the cursor, colors or hides text, or changes its direction. Otherwise it
 * could overwrite earlier lines in a terminal.
 */
export function plainText(text: string): string {
  return text.replace(CONTROLS, '');
}

/** All control characters except tab and line feed, and those that change the text direction. */
const CONTROLS = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;
