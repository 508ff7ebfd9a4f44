import { COLORS, escapeText, FONT_SIZE, LETTER_WIDTH } from './svg.js';

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
export interface GridLayout {
  width: number;
  height: number;
  columns: number;
}

const EDGE = 20;
const TITLE_HEIGHT = 44;
const LEGEND_LINE = 22;

/** Charts in rows on a white background, with one title and one legend, as the text of an SVG file. */
export function gridSvg(
  title: string,
  legend: readonly LegendEntry[],
  charts: readonly string[],
  { width, height, columns }: GridLayout,
): string {
  const titleWidth = Math.ceil(10.6 * title.length);
  const fullWidth = Math.ceil(Math.max(width * Math.min(columns, charts.length), 2 * EDGE + titleWidth));
  const { lines, marks } = legendMarks(legend, fullWidth - 2 * EDGE);
  const top = TITLE_HEIGHT + LEGEND_LINE * lines;
  const fullHeight = Math.ceil(top + height * Math.ceil(charts.length / columns));
  const placed = charts.map((svg, i) => {
    const [x, y] = [width * (i % columns), top + height * Math.floor(i / columns)];
    return svg.replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escapeText(title)}</title>`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="${EDGE}" y="28" font-size="17" font-weight="600" fill="${COLORS.ink}">${escapeText(title)}</text>`,
    ...marks,
    ...placed,
    '</svg>\n',
  ].join('\n');
}

/** The legend, in as many lines as it needs. */
function legendMarks(legend: readonly LegendEntry[], room: number): { lines: number; marks: string[] } {
  let [x, line] = [0, 0];
  const marks = legend.map(({ name, color, dash, sign }) => {
    const needed = 30 + 1.1 * LETTER_WIDTH * name.length + 18;
    if (x > 0 && x + needed > room) [x, line] = [0, line + 1];
    const [left, y] = [EDGE + x, 50 + LEGEND_LINE * line];
    x += needed;
    const text = (words: string, at: number) =>
      `<text x="${at}" y="${y + 5}" font-size="${FONT_SIZE}" font-weight="600" fill="${color}">${escapeText(words)}</text>`;
    const dashes = dash ? ` stroke-dasharray="${dash}"` : '';
    const stroke = `<line x1="${left}" y1="${y}" x2="${left + 24}" y2="${y}" stroke="${color}" stroke-width="4"${dashes}/>`;
    return (sign ? text(sign, left + 6) : stroke) + text(name, left + 30);
  });
  return { lines: legend.length > 0 ? line + 1 : 0, marks };
}
