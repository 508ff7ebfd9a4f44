import type { PlotOptions } from '@observablehq/plot';

/** Colors that stay apart for color-blind eyes, in print and on either background (Okabe and Ito 2008). */
export const COLORS = { train: '#0072b2', test: '#d55e00', ink: '#333333' } as const;

/** Six that stay apart, for lines of equal rank (Okabe and Ito 2008, in an order that keeps neighbors apart); ink is the first. */
export const PALETTE = ['#333333', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#c79000'] as const;

/** The same, ink last, for lines that have a dash pattern of their own each too. */
export const SERIES_COLORS: readonly string[] = [...PALETTE.slice(1), PALETTE[0]];

/** How all charts are lettered. */
export const STYLE = { fontSize: '13px', color: COLORS.ink, background: 'none' } as const;

/** The module that draws. */
export type Plot = typeof import('@observablehq/plot');

/** Draws a chart as the text of an `<svg>` element, without a browser. */
export type Draw = (options: PlotOptions) => string;

/**
 * Observable Plot, with a document to draw in. They are loaded here and not before: they take 20 MB and a third of a
 * second, which a command that draws nothing should not pay.
 */
export async function loadPlot(): Promise<{ Plot: Plot; draw: Draw }> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const draw: Draw = (options) => {
    const { document } = parseHTML('<!doctype html><html><body></body></html>');
    const svg = Plot.plot({ ...options, document });
    svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    return svg.outerHTML;
  };
  return { Plot, draw };
}

/** Charts of equal size side by side on white, in as many columns as asked for, under one title, as the text of an SVG file. */
export function sideBySide(
  title: string,
  charts: readonly string[],
  size: { width: number; height: number },
  columns = charts.length,
): string {
  const top = 44;
  const width = size.width * columns;
  const height = top + size.height * Math.ceil(charts.length / columns);
  const placed = charts.map((svg, i) => {
    const [x, y] = [(i % columns) * size.width, top + Math.floor(i / columns) * size.height];
    return svg.replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="20" y="28" font-size="17" font-weight="600" fill="${COLORS.ink}">${escapeText(title)}</text>`,
    ...placed,
    '</svg>\n',
  ].join('\n');
}

/** How wide a chart must be for its title, in whatever sans-serif the system has. */
export function widthOfTitle(title: string): number {
  return 40 + Math.ceil(10.6 * title.length);
}

/** Text as it may stand in SVG. */
export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
