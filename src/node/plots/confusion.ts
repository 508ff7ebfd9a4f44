import { assertMatrix, assertText, assertTexts, ShapeError } from '../../array/index.js';
import { heatmapSvg } from './heatmap.js';

/**
 * Draws a confusion matrix: one row per true class, one column per predicted class, with the counts. The darker a
 * cell, the larger its part of the row.
 *
 * @param confusion C rows of C counts, from `evaluate` or `confusionMatrix`
 * @param classNames C names, by label
 * @returns the text of an SVG file
 */
export async function confusionSvg(
  confusion: readonly (readonly number[])[],
  classNames: readonly string[],
  title: string,
): Promise<string> {
  assertMatrix('confusionSvg', 'confusion', confusion);
  assertTexts('confusionSvg', 'classNames', classNames);
  if (classNames.length !== confusion.length || confusion[0].length !== confusion.length)
    throw new ShapeError(
      `confusionSvg: expected as many rows and columns as classes, got ${confusion.length} rows for ${classNames.length} classes`,
    );
  assertText('confusionSvg', 'title', title);
  const parts = confusion.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0) || 1;
    return row.map((count) => count / total);
  });
  return heatmapSvg(parts, {
    title,
    rows: 'true class',
    columns: 'predicted class',
    rowNames: classNames,
    columnNames: classNames,
    text: (_, row, column) => String(confusion[row][column]),
    cell: 56,
  });
}
