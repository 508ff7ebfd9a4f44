import { resolve } from 'node:path';
import type { Command } from 'commander';
import { evaluateRun } from '../node/runs/evaluate-run.js';
import { scoreText } from '../training/score-text.js';
import { Console } from './console.js';
import { addBackendOptions, type BackendFlags, chooseBackend } from './engine-options.js';
import { folder } from './flag-values.js';
import { loadProgress } from './load-with-progress.js';
import { evaluationLines, targetScores } from './run-summary.js';
import { stopSignal } from './signals.js';

interface EvaluateFlags extends BackendFlags {
  dataDir?: string;
  json: boolean;
}

/** Adds `handgrad evaluate` to the program. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('test a trained net again')
    .description('Loads the net of a run folder and evaluates it on the whole test set of its data.')
    .argument('<run>', 'the folder that handgrad train wrote', folder);
  addBackendOptions(command)
    .option('--data-dir <folder>', 'a folder with the official files of the data set (default: the cache)', folder)
    .option('--json', 'print one JSON document', false)
    .action(runEvaluate);
}

async function runEvaluate(run: string, { dataDir, json, ...engine }: EvaluateFlags): Promise<void> {
  const out = new Console(json);
  chooseBackend(engine);
  const path = resolve(run);
  const signal = stopSignal(() => out.say('stopping'));
  try {
    const { classes, targets, ...result } = await evaluateRun(path, {
      dataDir,
      signal,
      onProgress: loadProgress(out, 'the data'),
    });
    out.endProgress();
    for (const line of evaluationLines(result, targets.length > 0 ? targets : classes, out.width)) out.note(line);
    out.note(`\ntest ${scoreText(result)}, test loss ${result.loss.toFixed(4)}`);
    const { accuracy: testAccuracy, loss: testLoss, confusion, r2: testR2 } = result;
    if (targets.length > 0) out.result({ run: path, testR2, testLoss, targets: targetScores(result, targets) });
    else out.result({ run: path, testAccuracy, testLoss, confusion, classes });
  } finally {
    out.endProgress();
  }
}
