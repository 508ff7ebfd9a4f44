import { ON_LIGHT, shade } from './heatmap.js';
import { loadPlot, STYLE, sideBySide } from './svg.js';

/**
 * A confusion matrix as a picture: a row a true class, a column a predicted one, with the counts; the darker a cell, the larger
 * its share of its row.
 *
 * @param confusion C rows of C counts, as `evaluate` and `confusionMatrix` give them
 * @param classNames C names, by label
 * @returns the text of an SVG file
 */
export async function confusionSvg(
  confusion: readonly (readonly number[])[],
  classNames: readonly string[],
  title: string,
): Promise<string> {
  const { Plot, draw } = await loadPlot();
  const cells = confusion.flatMap((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0) || 1;
    return row.map((count, j) => ({ actual: classNames[i], predicted: classNames[j], count, share: count / total }));
  });
  const size = { width: 118 + 58 * classNames.length, height: 92 + 38 * classNames.length };
  const axis = {
    domain: [...classNames],
    tickSize: 0,
    padding: 0.04,
    labelAnchor: 'center',
    labelArrow: 'none',
  } as const;
  const chart = draw({
    ...size,
    marginLeft: 104,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 84,
    style: STYLE,
    x: { ...axis, label: 'predicted class', tickRotate: -32, labelOffset: 78 },
    y: { ...axis, label: 'true class', labelOffset: 98 },
    marks: [
      Plot.cell(cells, {
        x: 'predicted',
        y: 'actual',
        fill: ({ share }) => shade(share),
        stroke: '#d0d0d0',
        strokeWidth: 0.7,
      }),
      Plot.text(cells, {
        x: 'predicted',
        y: 'actual',
        text: ({ count }) => String(count),
        fill: ({ share }) => (share > 0.5 ? 'white' : ON_LIGHT),
      }),
    ],
  });
  return sideBySide(title, [chart], size);
}
