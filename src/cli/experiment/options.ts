import type { Command } from 'commander';
import { addBackendOptions, type BackendFlags } from '../engine-options.js';
import { count, folder } from '../flag-values.js';

/** The flags that every experiment made of training runs has. */
export interface ExperimentFlags extends BackendFlags {
  jobs?: number;
  out?: string;
  resume: boolean;
  force: boolean;
  quick: boolean;
  dataDir?: string;
  json: boolean;
}

/** Adds them. */
export function addExperimentOptions(command: Command): Command {
  command
    .option('--quick', 'a few steps a run, to see that all of it works; the figures then mean nothing', false)
    .option('--jobs <n>', 'runs side by side, each in a process of its own; else one a core', count);
  return addBackendOptions(command)
    .option('--out <folder>', `where runs and report are written; else runs/${command.name()}`, folder)
    .option('--resume', 'keep the finished runs that --out holds, go on with those begun, and make the others', false)
    .option('--force', 'write over the runs that --out holds', false)
    .option('--data-dir <folder>', 'a folder with the files of the data set; else the cache', folder)
    .option('--json', 'print one JSON document', false);
}

/** Where an experiment goes when nothing is said. */
export function outFolder(name: string, { out, quick }: ExperimentFlags): string {
  return out ?? `runs/${name}${quick ? '-quick' : ''}`;
}

export const QUICK_WARNING = 'Made with --quick: a few steps a run. None of these figures means anything.';
