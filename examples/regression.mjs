// A net fits a function, y = sin 3x with noise. The loss is the mean squared error.
// Draws the function and the net: node regression.mjs [FOLDER]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Adam, array, at, Linear, MSELoss, map, Random, Sequential, Tanh } from 'handgrad';
import { curve, linesSvg } from 'handgrad/node';

const truth = (value) => Math.sin(3 * value);
const rng = new Random(1);
const N = 200;
const x = rng.uniform([N, 1], { low: -2, high: 2 }); // (N, 1)
const y = map(x, (value) => truth(value) + 0.1 * rng.nextNormal()); // (N, 1)

const init = 'xavier';
const net = new Sequential(
  new Linear(1, 32, { init, rng }),
  new Tanh(),
  new Linear(32, 32, { init, rng }),
  new Tanh(),
  new Linear(32, 1, { init, rng }),
);
const predict = (value) => at(net.forward(array([[value]])), 0, 0);
const loss = new MSELoss();
const adam = new Adam(net.parameters(), { learningRate: 0.01 });
const lines = [curve('sin 3x', truth, -2, 2)];

for (let step = 0; step <= 1000; step++) {
  const value = loss.forward(net.forward(x), y);
  if (step % 250 === 0) console.log(`step ${step}: mean squared error ${value.toFixed(4)}`);
  adam.zeroGrad();
  net.backward(loss.backward());
  adam.step();
  if (step === 100 || step === 1000) lines.push(curve(`net, ${step} steps`, predict, -2, 2));
}

for (const value of [-1.5, -0.5, 0.5, 1.5]) {
  console.log(`x ${value}: prediction ${predict(value).toFixed(2)}, sin 3x ${truth(value).toFixed(2)}`);
}
const file = join(process.argv[2] ?? '.', 'regression.svg');
writeFileSync(file, await linesSvg(lines, { title: 'A net fits sin 3x', x: 'x', y: 'y' }));
console.log(`the function and the net are in ${file}`);
