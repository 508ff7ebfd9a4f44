import { COLORS, loadPlot, STYLE, sideBySide } from './svg.js';

/**
 * How much of each class was recognized: a bar a class, the best at the top, and the accuracy over all as a line. The ring is the
 * other side of it: of all that was taken for the class, how much was one.
 *
 * @param confusion C rows of C counts
 * @param classNames C names, by label
 * @returns the text of an SVG file
 */
export async function classAccuracySvg(
  confusion: readonly (readonly number[])[],
  classNames: readonly string[],
  title: string,
): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const classes = confusion.map((row, c) => ({
    name: classNames[c],
    recognized: row[c] / (sum(row) || 1),
    taken: sum(confusion.map((other) => other[c])),
    right: row[c] / (sum(confusion.map((other) => other[c])) || 1),
  }));
  const sorted = [...classes].sort((a, b) => b.recognized - a.recognized);
  const overall = sum(confusion.map((row, c) => row[c])) / (sum(confusion.map(sum)) || 1);
  const size = { width: 620, height: 108 + 27 * classNames.length };
  const legend = (words: string, dx: number, fill: string) =>
    Plot.text([words], { frameAnchor: 'top-left', dx, dy: -30, fill, fontWeight: 600 });
  const chart = draw({
    ...size,
    marginLeft: 96,
    marginRight: 26,
    marginTop: 52,
    marginBottom: 46,
    style: STYLE,
    x: {
      label: 'share of images',
      labelAnchor: 'center',
      labelArrow: 'none',
      domain: [0, 1],
      percent: false,
      tickFormat: '.0%',
      grid: true,
    },
    y: { label: null, domain: sorted.map(({ name }) => name), tickSize: 0, padding: 0.22 },
    marks: [
      Plot.barX(sorted, { x: 'recognized', y: 'name', fill: COLORS.train }),
      Plot.ruleX([overall], { stroke: COLORS.ink, strokeDasharray: '5 4', strokeWidth: 1.6 }),
      Plot.text([overall], {
        x: overall,
        frameAnchor: 'top',
        dy: -13,
        text: () => `all ${(100 * overall).toFixed(1)} %`,
        fill: COLORS.ink,
      }),
      Plot.text(sorted, {
        x: 0,
        y: 'name',
        text: ({ recognized }) => `${(100 * recognized).toFixed(0)} %`,
        textAnchor: 'start',
        dx: 6,
        fill: 'white',
        fontWeight: 600,
      }),
      Plot.dot(
        sorted.filter(({ taken }) => taken > 0),
        { x: 'right', y: 'name', stroke: COLORS.test, fill: 'white', strokeWidth: 2.4, r: 5 },
      ),
      legend('▬ of this class, recognized', 0, COLORS.train),
      legend('○ of those taken for it, right', 210, COLORS.test),
    ],
  });
  return sideBySide(title, [chart], size);
}
