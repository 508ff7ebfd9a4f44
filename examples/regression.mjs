// A net fits a function, y = sin 3x with noise. The loss is the mean squared error, so the trainer reports R².
// Draws the function and the net: node regression.mjs [FOLDER]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Adam, array, arraySource, at, Linear, MSELoss, map, Random, Sequential, Tanh, Trainer } from 'handgrad';
import { curve, linesSvg } from 'handgrad/node';

const truth = (value) => Math.sin(3 * value);
const rng = new Random(1);
function samples(N) {
  const x = rng.uniform([N, 1], { low: -2, high: 2 }); // (N, 1)
  return arraySource(
    x,
    map(x, (value) => truth(value) + 0.1 * rng.nextNormal()),
  ); // targets (N, 1)
}

const init = 'xavier';
const net = new Sequential(
  new Linear(1, 32, { init, rng }),
  new Tanh(),
  new Linear(32, 32, { init, rng }),
  new Tanh(),
  new Linear(32, 1, { init, rng }),
);
const predict = (value) => at(net.forward(array([[value]])), 0, 0);
const lines = [curve('sin 3x', truth, -2, 2)];
const trainer = new Trainer({
  model: net,
  loss: new MSELoss(),
  optimizer: new Adam(net.parameters(), { learningRate: 0.01 }),
  train: samples(200),
  test: samples(100),
  batchSize: 200,
  maxSteps: 1000,
  evalEvery: 100,
  rng,
  onEvaluation: ({ step, testLoss, testR2 }) => {
    console.log(`step ${step}: mean squared error ${testLoss.toFixed(4)}, R² ${testR2.toFixed(4)}`);
    if (step === 100 || step === 1000) lines.push(curve(`net, ${step} steps`, predict, -2, 2));
  },
});
await trainer.fit();
const [{ rmse }] = trainer.evaluation.columns;
console.log(`the error is ${rmse.toFixed(2)}, and the noise 0.10`);

for (const value of [-1.5, -0.5, 0.5, 1.5]) {
  console.log(`x ${value}: prediction ${predict(value).toFixed(2)}, sin 3x ${truth(value).toFixed(2)}`);
}
const file = join(process.argv[2] ?? '.', 'regression.svg');
writeFileSync(file, await linesSvg(lines, { title: 'A net fits sin 3x', x: 'x', y: 'y' }));
console.log(`the function and the net are in ${file}`);
