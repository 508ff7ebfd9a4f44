import type { Claim } from '../claims.js';
import type { MeasuredRun } from '../run-result.js';
import { average } from '../statistics.js';
import { CONVNET_ACCURACY } from './convnet-plan.js';

/** The best multi-layer perceptron of the course's Table 1, as published. */
const BEST_OF_TABLE1 = 0.56;

/** What is claimed of the net. One seed is not enough to decide. */
export function convnetClaims(runs: readonly MeasuredRun[]): Claim[] {
  const { asked, published } = CONVNET_ACCURACY;
  const last = runs.map((run) => run.last.testAccuracy);
  const best = runs.map((run) => run.best.testAccuracy);
  return [
    {
      claim: `The net reaches the accuracy that the assignment asks for, ${asked}.`,
      criterion: `test accuracy after the last step at least ${asked} with every seed`,
      measured: list(last),
      holds: allReach(last, asked),
    },
    {
      claim: `The published accuracy, ${published}, is that of the best of eleven evaluations.`,
      criterion: 'best evaluation of each run at least 0.80, and the mean of the last steps below the published one',
      measured: `best ${list(best)}; last ${list(last)}`,
      holds: runs.length < 2 ? null : best.every((value) => value >= 0.8) && average(last) < published,
    },
    {
      claim: 'The net is better than every multi-layer perceptron of Table 1.',
      criterion: `test accuracy after the last step above ${BEST_OF_TABLE1} with every seed`,
      measured: list(last),
      holds: allReach(last, BEST_OF_TABLE1),
    },
  ];
}

function allReach(values: readonly number[], least: number): boolean | null {
  return values.length < 2 ? null : values.every((value) => value >= least);
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(4)).join(', ');
}
