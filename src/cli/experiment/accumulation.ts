import type { Command } from 'commander';
import { memoryParts } from '../../node/experiments/accumulation/memory.js';
import { writeAccumulationReport } from '../../node/experiments/accumulation/report.js';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { addPartsExperiment } from './parts-experiment.js';

/** Adds `handgrad experiment accumulation`. */
export function addAccumulation(experiment: Command): void {
  addPartsExperiment(experiment, {
    entry: CATALOGUE.accumulation,
    description:
      'Compares the gradient of one large batch with that of its parts added up, array by array, shows what dividing wrongly ' +
      'does, and measures memory and time against the size of the parts.',
    parts: memoryParts,
    oneAtATime: true,
    report: async (out, files, warning) => {
      const { report, claims } = await writeAccumulationReport(out, files, warning);
      return { report, figures: { claims } };
    },
  });
}
