import type { PanelSize } from './plot.js';
import { escapeText, textElement, textWidth, wrapped } from './svg.js';

/** An entry of a legend: a short line, or a sign, in its color, and its name. */
export interface LegendEntry {
  name: string;
  color: string;
  /** The pattern of dashes and gaps, such as `5 4`. Default: none. */
  dash?: string;
  /** A sign that takes the place of the line, such as `●`. */
  sign?: string;
}

/** The size of each chart, and the number of charts per row. */
export interface GridLayout extends PanelSize {
  columns: number;
}

const EDGE = 20;
const TITLE = { size: 17, bold: true };
const LINE = 22;

/** Charts in rows on a white background, with one title and one legend, as the text of an SVG file. */
export function gridSvg(
  title: string,
  legend: readonly LegendEntry[],
  charts: readonly string[],
  { width, height, columns }: GridLayout,
): string {
  const fullWidth = Math.ceil(Math.max(360, width * Math.min(columns, charts.length)));
  const titleLines = wrapped(title, fullWidth - 2 * EDGE, TITLE);
  const { lines, marks } = legendMarks(legend, fullWidth - 2 * EDGE, 22 + LINE * titleLines.length);
  const top = 22 + LINE * (titleLines.length + lines);
  const fullHeight = Math.ceil(top + height * Math.ceil(charts.length / columns));
  const placed = charts.map((svg, i) => {
    const [x, y] = [width * (i % columns), top + height * Math.floor(i / columns)];
    return svg.replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escapeText(title)}</title>`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...titleLines.map((line, i) =>
      textElement(line, EDGE, 28 + LINE * i, { 'font-size': TITLE.size, 'font-weight': 600 }),
    ),
    ...marks,
    ...placed,
    '</svg>\n',
  ].join('\n');
}

/** The legend, in as many lines as it needs. */
function legendMarks(legend: readonly LegendEntry[], room: number, top: number): { lines: number; marks: string[] } {
  let [x, line] = [0, 0];
  const marks = legend.map(({ name, color, dash = 'none', sign }) => {
    const needed = 30 + textWidth(name) + 20;
    if (x > 0 && x + needed > room) [x, line] = [0, line + 1];
    const [left, y] = [EDGE + x, top + 6 + LINE * line];
    x += needed;
    const stroke = `<line x1="${left}" y1="${y}" x2="${left + 24}" y2="${y}" stroke="${color}" stroke-width="4" stroke-dasharray="${dash}"/>`;
    const swatch = sign ? textElement(sign, left + 6, y + 5, { fill: color, 'font-weight': 600 }) : stroke;
    return swatch + textElement(name, left + 30, y + 5);
  });
  return { lines: legend.length > 0 ? line + 1 : 0, marks };
}
