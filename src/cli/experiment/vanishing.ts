import type { Command } from 'commander';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { firstSeeds } from '../../node/experiments/plan.js';
import { writeVanishingReport } from '../../node/experiments/vanishing/report.js';
import { vanishingParts } from '../../node/experiments/vanishing/watch.js';
import { addPartsExperiment } from './parts-experiment.js';

/** Adds `handgrad experiment vanishing`. */
export function addVanishing(experiment: Command): void {
  addPartsExperiment(experiment, {
    entry: CATALOGUE.vanishing,
    description:
      'Watches the gradient of every layer in training, with ELU, ReLU and tanh: in a deep net without a norm, and in the net of ' +
      'three setups of Table 1.',
    parts: (quick) => vanishingParts(firstSeeds(quick ? 1 : 3), quick),
    report: async (out, files, warning) => {
      const { report, claims } = await writeVanishingReport(out, files, warning);
      return { report, figures: { claims } };
    },
  });
}
