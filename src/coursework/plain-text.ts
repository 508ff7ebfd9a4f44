/**
 * Untrusted text. In a report it must stay where it stands: it must not move the cursor, start a row of its own, hide
 * characters, change the direction of the text around it, or be endless.
 */

/**
 * A text in which every character is visible: without control characters, marks of direction, characters of no width,
 * and piles of accents that cover other lines. Line feeds and tabs stay.
 */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(INVISIBLE, '')
    .replace(ACCENTS, '$1');
}

/** A plain text on one line, of at most `most` characters. Gaps become a single space. */
export function oneLine(text: string, most: number): string {
  const line = plainText(text.slice(0, 4 * most))
    .replace(/\s+/gu, ' ')
    .trim();
  return line.length <= most ? line : `${withoutHalves(line.slice(0, most - 1))}…`;
}

/** A plain text of at most `lines` lines and `most` characters. */
export function plainLines(text: string, lines: number, most: number): string {
  const all = withoutHalves(plainText(text.slice(0, 4 * most)).slice(0, most)).split('\n');
  return all.length <= lines ? all.join('\n') : [...all.slice(0, lines), '…'].join('\n');
}

/** The first values of a list, and a sentence about the others. */
export function firstOf(values: readonly string[], most: number): string[] {
  return values.length <= most ? [...values] : [...values.slice(0, most), `and ${values.length - most} more`];
}

/** Control characters except tab and line feed, and every other character that shows nothing. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** More accents on a letter than any language has. */
const ACCENTS = /(\p{M}{4})\p{M}+/gu;

/** Removes half of a character where a text was cut. */
function withoutHalves(text: string): string {
  return text.replace(/\p{Cs}/gu, '');
}
