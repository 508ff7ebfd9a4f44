import type { PlotOptions } from '@observablehq/plot';

/** Colors that color-blind readers can tell apart, also in print (Okabe and Ito 2008). */
export const COLORS = { train: '#0072b2', test: '#d55e00', ink: '#333333', rest: '#9a9a9a' } as const;

/** Six colors for lines of equal rank (Okabe and Ito 2008), in an order in which neighbors differ most. */
export const PALETTE = [COLORS.ink, COLORS.train, COLORS.test, '#009e73', '#cc79a7', '#c79000'] as const;

/**
 * The size of all text in charts, in pixels. At the width of a page, a figure of the full width still has text of 10
 * pixels.
 */
export const FONT_SIZE = 14;

/** About the width of a letter in pixels, for text whose width cannot be measured without a browser. */
export const LETTER_WIDTH = 8;

/** The style of every chart of Observable Plot. */
export const STYLE = { fontSize: `${FONT_SIZE}px`, color: COLORS.ink, background: 'none' } as const;

/** The module of Observable Plot. */
export type Plot = typeof import('@observablehq/plot');

/** Draws a chart as the text of an `<svg>` element, without a browser. */
export type Draw = (options: PlotOptions) => string;

/**
 * Loads Observable Plot, and a document to draw in. They are loaded only when needed, because they take 20 MB and a
 * third of a second.
 */
export async function loadPlot(): Promise<{ Plot: Plot; draw: Draw }> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const draw: Draw = (options) => {
    const { document } = parseHTML('<!doctype html><html><body></body></html>');
    const svg = Plot.plot({ style: STYLE, ...options, document });
    svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    svg.setAttribute('font-size', String(FONT_SIZE));
    return svg.outerHTML;
  };
  return { Plot, draw };
}

/** A text element of SVG. */
export function textElement(text: string, x: number | string, y: number, rest = ''): string {
  return `<text x="${x}" y="${y}" font-size="${FONT_SIZE}" fill="${COLORS.ink}" ${rest}>${escapeText(text)}</text>`;
}

/** Escapes text for SVG. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
