import type { Config } from './config.js';
import { COUNT, PROBLEMS } from './problems.js';

/** How the constructor of an optimizer is called, after `model.parameters(), `. */
export const OPTIMIZERS: Readonly<Record<string, { name: string; options: string }>> = {
  sgd: { name: 'SGD', options: '' },
  momentum: { name: 'SGD', options: ', momentum: 0.9' },
  nesterov: { name: 'SGD', options: ', momentum: 0.9, nesterov: true' },
  adam: { name: 'Adam', options: '' },
  adamw: { name: 'AdamW', options: '' },
};

/** A program for Node that does the same as the page, with this many steps. */
export function programOf(config: Config, steps: number): string {
  const { outputs, code } = PROBLEMS[config.problem];
  const { name, options } = OPTIMIZERS[config.optimizer];
  const isFunction = outputs === 1;
  const hidden = `[${Array.from({ length: config.depth }, () => config.width).join(', ')}]`;
  const net = `activation: '${config.activation}', norm: '${config.norm}', init: '${config.init}'`;
  const imports = [
    name,
    'array',
    'arraySource',
    'MLP',
    ...(isFunction ? ['MSELoss'] : ['oneHot']),
    'Random',
    'Trainer',
  ];
  const targets = isFunction
    ? 'array(all.map(({ label }) => [label]))'
    : `oneHot(all.map(({ label }) => label), ${outputs})`;
  return `import { ${imports.join(', ')} } from 'handgrad';

function draw(n, rng) {
  ${code.join('\n  ')}
}
function samples(seed) {
  const rng = new Random(seed);
  const all = Array.from({ length: ${COUNT} }, (_, n) => draw(n, rng));
  return arraySource(array(all.map(({ point }) => point)), ${targets});
}
const rng = new Random(${config.seed});
const model = new MLP({
  ${isFunction ? 'inputs: 1, classes: 1' : `inputs: 2, classes: ${outputs}`}, hidden: ${hidden}, logits: true,
  ${net}, rng,
});
const trainer = new Trainer({
  model, rng, loss: ${isFunction ? 'new MSELoss()' : 'model.loss()'},
  optimizer: new ${name}(model.parameters(), { learningRate: ${config.learningRate}${options} }),
  train: samples('train'), test: samples('test'),
  batchSize: ${config.batchSize}, maxSteps: ${steps}, evalEvery: ${Math.max(1, Math.ceil(steps / 10))},
  onEvaluation: ({ step, testLoss }) => console.log(step, testLoss),
});
await trainer.fit();
`;
}
