import type { Command } from 'commander';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { normRuns } from '../../node/experiments/norms/norms.js';
import { normsClaims } from '../../node/experiments/norms/norms-claims.js';
import { writeNormsReport } from '../../node/experiments/norms/norms-report.js';
import { addRunsExperiment } from './runs-experiment.js';

/** Adds `handgrad experiment norms`. */
export function addNorms(experiment: Command): void {
  addRunsExperiment(experiment, {
    entry: CATALOGUE.norms,
    description:
      'Trains an MLP on CIFAR-10 without a norm, with batch, layer and group norm, at seven sizes of batches and five learning ' +
      'rates, and says whether batch norm degrades with small batches and allows higher rates.',
    plans: normRuns,
    report: async (out, runs, warning) => {
      const { cells, report } = await writeNormsReport(out, runs, warning);
      return { report, figures: { claims: normsClaims(cells) } };
    },
  });
}
