import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { abs, InputError, messageOf, sum } from '../array/index.js';
import { PIXELS } from '../data/pixel-scale.js';
import { RUN_FILES, readJson, readModel } from '../node/runs/run-folder.js';
import { testSource } from '../node/runs/run-sources.js';
import { splitOf } from '../node/runs/split.js';
import { buildModel, parseConfig } from '../node/runs/train-config.js';
import { evaluate } from '../training/evaluate.js';
import { addBackendOptions, type BackendFlags, chooseBackend } from './backend.js';
import { Console } from './console.js';
import { loadWithProgress } from './load-data.js';
import { folder } from './options.js';
import { stopSignal } from './signals.js';
import { confusionLines } from './summary.js';

interface EvaluateFlags extends BackendFlags {
  dataDir?: string;
  json: boolean;
}

/** Adds `handgrad evaluate` to the program. */
export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .summary('test a trained net again')
    .description('Loads the net of a run folder and tests it on the whole test set of its data.')
    .argument('<run>', 'the folder that handgrad train wrote', folder);
  addBackendOptions(command)
    .option('--data-dir <folder>', 'a folder with the official files of the data set; else the cache', folder)
    .option('--json', 'print one JSON document', false)
    .action(runEvaluate);
}

async function runEvaluate(run: string, { dataDir, json, ...engine }: EvaluateFlags): Promise<void> {
  const out = new Console(json);
  chooseBackend(engine);
  const path = resolve(run);
  const config = parseConfig(await readJson(join(path, RUN_FILES.config)), join(path, RUN_FILES.config));
  const state = await readModel(path);
  for (const [name, value] of Object.entries(state)) {
    if (!Number.isFinite(sum(abs(value))))
      throw new InputError(`${join(path, RUN_FILES.model)} holds numbers that are not finite, in ${name}`);
  }
  const signal = stopSignal(() => out.say('stopping'));
  const data = await loadWithProgress(out, { dataset: config.dataset, dataDir, signal });
  const model = buildModel(config, data.test.width, data.test.classNames.length);
  try {
    model.loadStateDict(state);
  } catch (cause) {
    throw new InputError(
      `${join(path, RUN_FILES.model)} does not fit ${RUN_FILES.config} beside it: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
  const images = testSource(data.test, PIXELS[config.pixels](splitOf(config, data).train));
  const result = await evaluate(model, model.loss(), images, signal);
  for (const line of confusionLines(result, data.test.classNames)) out.note(line);
  out.note(`\ntest accuracy ${result.accuracy.toFixed(4)}, test loss ${result.loss.toFixed(4)}`);
  out.result({
    run: path,
    testAccuracy: result.accuracy,
    testLoss: result.loss,
    confusion: result.confusion,
    classes: data.test.classNames,
  });
}
