import { COLORS, escapeText } from './svg.js';

/** One entry of a legend: a stroke in its color, and its name. */
export interface LegendEntry {
  name: string;
  color: string;
  dashed?: boolean;
}

/** How charts of equal size are laid out. */
export interface GridLayout {
  width: number;
  height: number;
  /** Charts a row. */
  columns: number;
}

/** Charts in rows on white, under one title and one legend, as the text of an SVG file. */
export function gridSvg(
  title: string,
  legend: readonly LegendEntry[],
  charts: readonly string[],
  { width, height, columns }: GridLayout,
): string {
  const fullWidth = Math.max(width * columns, 2 * EDGE + 10 * title.length);
  const { lines, marks } = legendMarks(legend, fullWidth - 2 * EDGE);
  const top = 44 + LINE * lines;
  const fullHeight = top + height * Math.ceil(charts.length / columns);
  const placed = charts.map((svg, i) => {
    const [x, y] = [width * (i % columns), top + height * Math.floor(i / columns)];
    return svg.replace('<svg ', `<svg x="${x}" y="${y}" `);
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" viewBox="0 0 ${fullWidth} ${fullHeight}" font-family="system-ui, sans-serif">`,
    `<title>${escapeText(title)}</title>`,
    '<rect width="100%" height="100%" fill="white"/>',
    `<text x="${EDGE}" y="28" font-size="17" font-weight="600" fill="${COLORS.ink}">${escapeText(title)}</text>`,
    ...marks,
    ...placed,
    '</svg>\n',
  ].join('\n');
}

const EDGE = 20;
const LINE = 22;
/** About the width of a letter at this size of type. */
const LETTER = 8.9;

/** The legend in as many lines as it takes. */
function legendMarks(legend: readonly LegendEntry[], room: number): { lines: number; marks: string[] } {
  let [x, line] = [0, 0];
  const marks = legend.map(({ name, color, dashed }) => {
    const needed = 30 + LETTER * name.length + 18;
    if (x > 0 && x + needed > room) [x, line] = [0, line + 1];
    const [left, y] = [EDGE + x, 50 + LINE * line];
    x += needed;
    const dashes = dashed ? ' stroke-dasharray="5 4"' : '';
    return (
      `<line x1="${left}" y1="${y}" x2="${left + 24}" y2="${y}" stroke="${color}" stroke-width="4"${dashes}/>` +
      `<text x="${left + 30}" y="${y + 5}" font-size="14" font-weight="600" fill="${color}">${escapeText(name)}</text>`
    );
  });
  return { lines: legend.length > 0 ? line + 1 : 0, marks };
}
