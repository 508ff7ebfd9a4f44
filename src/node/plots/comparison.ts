import { rowsSvg } from './rows.js';
import { COLORS } from './svg.js';

/** One row of a comparison. */
export interface Compared {
  name: string;
  /** The published accuracy. */
  published: number;
  /** The mean accuracy at the last step, and the standard deviation over seeds, or null for one seed. */
  mean: number;
  deviation: number | null;
  /** The mean of the best checkpoints. */
  best: number;
}

/** Draws published and reproduced accuracies, one row per setup, as the text of an SVG file. */
export function comparisonSvg(rows: readonly Compared[], title: string): Promise<string> {
  return rowsSvg(
    title,
    rows.map(({ name }) => name),
    { label: 'test accuracy' },
    [
      {
        ...{ name: 'published', color: COLORS.ink, sign: '■' },
        values: rows.map(({ name, published }) => ({ row: name, value: published })),
      },
      {
        ...{ name: 'last step, ± one deviation', color: COLORS.train, sign: '●' },
        values: rows.map(({ name, mean, deviation }) => {
          const range = deviation === null ? {} : { low: mean - deviation, high: mean + deviation };
          return { row: name, value: mean, ...range };
        }),
      },
      {
        ...{ name: 'best checkpoint', color: COLORS.test, sign: '○' },
        values: rows.map(({ name, best }) => ({ row: name, value: best })),
      },
    ],
  );
}
