import type { Command } from 'commander';
import { InputError } from '../../array/index.js';
import { CATALOGUE } from '../../node/experiments/catalogue.js';
import { Console } from '../console.js';
import { addAccumulation } from './accumulation.js';
import { addBestMlp } from './best-mlp.js';
import { addBnOptimization } from './bn-optimization.js';
import { addMnistBatchnorm } from './mnist-batchnorm.js';
import { addNorms } from './norms.js';
import { addTable1 } from './table1.js';
import { addVanishing } from './vanishing.js';

/** Adds `handgrad experiment` to the program. */
export function addExperiment(program: Command): void {
  const names = Object.keys(CATALOGUE).join(', ');
  program.enablePositionalOptions(); // here and below: `--json` behind a name is the experiment's own
  const experiment = program
    .command('experiment')
    .summary('reproduce a published result')
    .description('Reproduces a published result with training runs of its own, and writes a report. Alone, lists them.')
    .usage('[options] [name] [options of the experiment]')
    .argument('[name]', `which: ${names}`)
    .option('--json', 'print one JSON document', false)
    .enablePositionalOptions()
    .action((name: string | undefined, { json }: { json: boolean }) => {
      if (name !== undefined) throw new InputError(`experiment: no experiment '${name}'; there are ${names}`);
      list(new Console(json));
    });
  for (const add of [
    addTable1,
    addBestMlp,
    addNorms,
    addMnistBatchnorm,
    addBnOptimization,
    addAccumulation,
    addVanishing,
  ])
    add(experiment);
  for (const command of experiment.commands)
    command.exitOverride().showHelpAfterError(`(handgrad experiment ${command.name()} --help tells more)`);
}

function list(out: Console): void {
  const experiments = Object.values(CATALOGUE);
  for (const { name, summary, expected } of experiments) {
    out.note(`handgrad experiment ${name}\n    ${summary}\n    ${expected}\n`);
  }
  out.result({ experiments });
}
