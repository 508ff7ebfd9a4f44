import { createHash } from 'node:crypto';

/** The name of a file as bytes, because a name need not be valid UTF-8. */
export type FileName = Buffer;

/** The bytes that a label may have. With the ending of a report's file, it is still the name of a file. */
const MOST = 200;

/**
 * A name as a text that can be shown and written in a table. Different names have different labels. A name of visible
 * characters is its own label; what is invisible, invalid, or separates cells is written as `\u{…}` or `\x…`.
 */
export function labelOf(name: FileName): string {
  const text = [...validParts(name)].join('').replace(PILED, escaped);
  if (Buffer.byteLength(text) <= MOST) return text;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 16);
  return `${Buffer.from(text)
    .subarray(0, MOST - 20)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}…${hash}`;
}

/** Whether a name is its own label. */
export function isPlainName(name: FileName): boolean {
  return labelOf(name) === name.toString('utf8');
}

/** Decodes UTF-8, with bytes that are not UTF-8 as `\xff`. */
function* validParts(name: FileName): Generator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; at < name.length; ) {
    const size = [1, 2, 3, 4].find((count) => isCharacter(decoder, name.subarray(at, at + count))) ?? 0;
    yield size > 0 ? visible(name.toString('utf8', at, at + size)) : `\\x${name[at].toString(16).padStart(2, '0')}`;
    at += Math.max(1, size);
  }
}

function isCharacter(decoder: TextDecoder, bytes: Uint8Array): boolean {
  try {
    return decoder.decode(bytes) !== '';
  } catch {
    return false;
  }
}

/** A character, or its number if it shows nothing, or separates cells in the spreadsheets of some countries. */
function visible(character: string): string {
  return UNCLEAR.test(character) ? escaped(character) : character;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

const UNCLEAR = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\\;]/u;
/** An accent on four others. A pile of them covers the lines above. */
const PILED = /(?<=\p{M}{4})\p{M}/gu;
