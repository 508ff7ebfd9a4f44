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
  const names = rows.map(({ name }) => name);
  return rowsSvg(title, names, { label: 'test accuracy' }, [
    {
      ...{ name: 'published', color: COLORS.ink, sign: '■' },
      values: rows.map(({ published }, row) => ({ row, value: published })),
    },
    {
      ...{ name: 'last step, ± one deviation', color: COLORS.train, sign: '●' },
      values: rows.map(({ mean, deviation }, row) => {
        const bar = deviation ?? 0;
        return { row, value: mean, low: mean - bar, high: mean + bar };
      }),
    },
    {
      ...{ name: 'best checkpoint', color: COLORS.test, sign: '○' },
      values: rows.map(({ best }, row) => ({ row, value: best })),
    },
  ]);
}
