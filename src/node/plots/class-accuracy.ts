import { assertMatrix, assertText, assertTexts, ShapeError } from '../../array/index.js';
import { rowsSvg } from './rows.js';
import { COLORS } from './svg.js';

/**
 * Draws the accuracy of each class: one bar per class, the best first (its recall), a ring for its precision, and a
 * line for the accuracy over all classes.
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
  assertMatrix('classAccuracySvg', 'confusion', confusion);
  assertTexts('classAccuracySvg', 'classNames', classNames);
  if (classNames.length !== confusion.length || confusion[0].length !== confusion.length)
    throw new ShapeError(
      `classAccuracySvg: expected as many rows and columns as classes, got ${confusion.length} rows for ${classNames.length} classes`,
    );
  assertText('classAccuracySvg', 'title', title);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  const percent = (part: number, whole: number) => (100 * part) / (whole || 1);
  const classes = confusion.map((row, c) => {
    const predicted = sum(confusion.map((other) => other[c]));
    return { name: classNames[c], recall: percent(row[c], sum(row)), precision: percent(row[c], predicted), predicted };
  });
  const sorted = [...classes].sort((a, b) => b.recall - a.recall);
  const overall = percent(sum(confusion.map((row, c) => row[c])), sum(confusion.map(sum)));
  return rowsSvg(
    title,
    sorted.map(({ name }) => name),
    { label: 'images (%)', domain: [0, 100] },
    [
      {
        ...{ name: 'recall: images of the class that are found', color: COLORS.train, sign: '▬' },
        values: sorted.map(({ recall }, row) => ({ row, value: recall, text: `${recall.toFixed(0)} %` })),
      },
      {
        ...{ name: 'precision: predictions of the class that are right', color: COLORS.test, sign: '○' },
        values: sorted.flatMap(({ precision, predicted }, row) => (predicted ? { row, value: precision } : [])),
      },
    ],
    { value: overall, text: `accuracy ${overall.toFixed(1)} %` },
  );
}
