import { join } from 'node:path';
import type { Command } from 'commander';
import type { CatalogueEntry } from '../../node/experiments/catalogue.js';
import { type FinishedRun, finishedRuns } from '../../node/experiments/finished.js';
import { firstSeeds, type RunPlan } from '../../node/experiments/plan.js';
import { Console } from '../console.js';
import { count } from '../flag-values.js';
import { makeExperimentRuns } from './laboratory.js';
import { addExperimentOptions, type ExperimentFlags, QUICK_WARNING } from './options.js';

/** An experiment whose runs are all of `handgrad train`, with a report in Markdown. */
export interface RunsExperiment {
  entry: CatalogueEntry;
  description: string;
  plans(seeds: readonly number[], quick: boolean): RunPlan[];
  /** Writes the report into the folder of the runs, and returns its name and the figures in it. */
  report(out: string, runs: readonly FinishedRun[], warning: string): Promise<{ report: string; figures: object }>;
}

/** Adds such an experiment. */
export function addRunsExperiment(experiment: Command, which: RunsExperiment): void {
  const { name, summary, expected } = which.entry;
  const command = experiment
    .command(name)
    .summary(summary)
    .description(`${which.description}\n\nTakes ${expected}.`)
    .option('--seeds <n>', 'runs of each setting, with the seeds 42, 0, 1, 2 … (with --quick: 1)', count);
  addExperimentOptions(command).action((flags: ExperimentFlags & { seeds?: number }) => run(which, flags));
}

async function run(which: RunsExperiment, flags: ExperimentFlags & { seeds?: number }): Promise<void> {
  const out = new Console(flags.json);
  const { name } = which.entry;
  const plans = which.plans(firstSeeds(flags.seeds ?? (flags.quick ? 1 : 3)), flags.quick);
  const { folder, failed, exitCode } = await makeExperimentRuns(name, plans, flags);
  const runs = await finishedRuns(folder, plans);
  let figures: object | null = null;
  if (runs.length > 0) {
    const written = await which.report(folder, runs, flags.quick ? QUICK_WARNING : '');
    figures = written.figures;
    out.note(`report: ${join(folder, written.report)}`);
  }
  const made = runs.map(({ name, config, effort, last, best }) => ({ name, seed: config.seed, ...effort, last, best }));
  out.result({ experiment: name, out: folder, quick: flags.quick, figures, runs: made, failed });
  process.exitCode = exitCode;
}
