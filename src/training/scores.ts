import { assertShape, type NdArray, reshape } from '../array/index.js';
import type { LearningTask } from '../losses/loss.js';
import { confusionMatrix, countOnDiagonal } from './metrics.js';

/** How well one column of numeric targets is predicted. */
export interface ColumnScore {
  /** The root of the mean squared error, in the unit of the target. */
  rmse: number;
  /** $R^2$: 1 for exact predictions, 0 for those of the mean target, negative for worse ones. */
  r2: number;
}

/** What is measured of a classifier. */
export interface ClassScores {
  accuracy: number;
  confusion: number[][];
}

/** What is measured of a regression. */
export interface NumberScores {
  r2: number;
  columns: ColumnScore[];
}

/** Measures outputs, batch after batch. */
export interface Scores {
  add(outputs: NdArray, targets: NdArray): void;
  result(): ClassScores | NumberScores;
}

/** The measures that fit a task. */
export function newScores(task: LearningTask): Scores {
  return task === 'classification' ? new ScoresOfClasses() : new ScoresOfNumbers();
}

class ScoresOfClasses implements Scores {
  private confusion: number[][] = [];

  add(outputs: NdArray, targets: NdArray): void {
    const counts = confusionMatrix(outputs, targets);
    this.confusion = counts.map((row, i) => row.map((count, j) => count + (this.confusion[i]?.[j] ?? 0)));
  }

  result(): ClassScores {
    const { confusion } = this;
    const samples = confusion.flat().reduce((total, count) => total + count, 0);
    return { accuracy: countOnDiagonal(confusion) / samples, confusion };
  }
}

/**
 * The errors of numeric outputs. With targets $t_n$, their mean $\bar t$ and outputs $x_n$:
 *
 * $$ R^2 = 1 - \frac{\sum_n (x_n - t_n)^2}{\sum_n (t_n - \bar t)^2} . $$
 *
 * The sum below grows with each target, as Welford (1962) derives it, so that targets far from 0 lose no digits.
 */
class ScoresOfNumbers implements Scores {
  private count = 0;
  private columns: { errors: number; mean: number; spread: number }[] = [];

  add(outputs: NdArray, targets: NdArray): void {
    assertShape('evaluate', 'targets', targets, outputs.shape);
    const [x, t] = [outputs, targets].map((array) => reshape(array, [array.shape[0], -1])); // (N, M)
    for (let n = 0; n < x.shape[0]; n++) {
      this.count++;
      for (let m = 0; m < x.shape[1]; m++) this.addOne(m, x.get(n, m), t.get(n, m));
    }
  }

  private addOne(m: number, output: number, target: number): void {
    this.columns[m] ??= { errors: 0, mean: 0, spread: 0 };
    const column = this.columns[m];
    column.errors += (output - target) ** 2;
    const before = target - column.mean;
    column.mean += before / this.count;
    column.spread += before * (target - column.mean);
  }

  result(): NumberScores {
    const columns = this.columns.map(({ errors, spread }) => ({
      rmse: Math.sqrt(errors / this.count),
      r2: spread > 0 ? 1 - errors / spread : Number(errors === 0), // equal targets: there is nothing to explain
    }));
    return { r2: columns.reduce((total, { r2 }) => total + r2, 0) / columns.length, columns };
  }
}
