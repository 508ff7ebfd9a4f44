import type { Command } from 'commander';
import { mlpParts, sweepParts } from '../../node/experiments/bn-optimization/deep-mlp.js';
import { linearParts } from '../../node/experiments/bn-optimization/linear-net.js';
import { type OptimizationResult, writeOptimizationReport } from '../../node/experiments/bn-optimization/report.js';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { firstSeeds } from '../../node/experiments/plan.js';
import { addPartsExperiment } from './parts-experiment.js';

/** Adds `handgrad experiment bn-optimization`. */
export function addBnOptimization(experiment: Command): void {
  addPartsExperiment<OptimizationResult>(experiment, {
    entry: CATALOGUE['bn-optimization'],
    description:
      'Trains a deep linear net and a deep MLP without a norm, with batch norm, with noise behind it, and with three other ' +
      'normalisations, and measures internal covariate shift, loss landscape, gradient predictiveness and smoothness on the way ' +
      '(Santurkar et al. 2018, arXiv 1805.11604).',
    parts: (quick) => {
      const seeds = firstSeeds(quick ? 1 : 2);
      return [...linearParts(seeds, quick), ...mlpParts(seeds, quick), ...sweepParts(quick)];
    },
    report: async (out, files, warning) => {
      const { report, claims } = await writeOptimizationReport(out, files, warning);
      return { report, figures: { claims } };
    },
  });
}
