/**
 * A stranger's text without what moves a cursor, colours, hides or turns the order of letters around: in a terminal, a text
 * could otherwise write over the rows above it.
 */
export function plainText(text: string): string {
  return text.replace(CONTROLS, '');
}

/** All control characters but tab and line feed, and those that turn the direction of writing. */
const CONTROLS = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;
