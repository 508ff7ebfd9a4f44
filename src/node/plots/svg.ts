/** Colors that color-blind readers can tell apart, also in print (Okabe and Ito 2008). */
export const COLORS = { train: '#0072b2', test: '#d55e00', ink: '#333333', rest: '#9a9a9a' } as const;

/** Six colors for lines of equal rank (Okabe and Ito 2008), in an order in which neighbors differ most. */
export const PALETTE = [COLORS.ink, COLORS.train, COLORS.test, '#009e73', '#cc79a7', '#c79000'] as const;

/**
 * The size of text in charts, in pixels. A figure three panels wide still has text of 10 pixels at the width of a page.
 */
export const FONT_SIZE = 14;

/** About the width of a text in pixels, in a wide font: without a browser, no text can be measured. */
export function textWidth(text: string, { size = FONT_SIZE, bold = false } = {}): number {
  return text.length * size * (bold ? 0.62 : 0.55);
}

/** A text in lines of at most the given width, as far as its words allow. */
export function wrapped(text: string, width: number, style: { size?: number; bold?: boolean } = {}): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const longer = lines.length > 0 ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length > 0 && textWidth(longer, style) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** A text element of SVG. */
export function textElement(text: string, x: number, y: number, attributes: Readonly<Record<string, unknown>> = {}) {
  const all = Object.entries({ x, y, 'font-size': FONT_SIZE, fill: COLORS.ink, ...attributes });
  return `<text ${all.map(([name, value]) => `${name}="${value}"`).join(' ')}>${escapeText(text)}</text>`;
}

/** Escapes text for SVG. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
