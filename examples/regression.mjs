// A net fits a function: y = sin 3x, with noise. The loss is the mean squared error, written by hand in the loop.
import { Adam, array, at, ELU, Linear, multiply, Random, Sequential, square, subtract, sum } from 'handgrad';

const rng = new Random(1);
const N = 200;
const inputs = Array.from({ length: N }, (_, n) => (4 * n) / N - 2);
const x = array(inputs, [N, 1]); // (N, 1)
const y = array(
  inputs.map((value) => Math.sin(3 * value) + 0.1 * rng.nextNormal()),
  [N, 1],
); // (N, 1)

const init = 'kaiming';
const net = new Sequential(
  new Linear(1, 32, { init, rng }),
  new ELU(),
  new Linear(32, 32, { init, rng }),
  new ELU(),
  new Linear(32, 1, { init, rng }),
);
const adam = new Adam(net.parameters(), { learningRate: 0.01 });

for (let step = 0; step <= 1000; step++) {
  const difference = subtract(net.forward(x), y); // (N, 1)
  const loss = sum(square(difference)) / N;
  if (step % 250 === 0) console.log(`step ${step}: mean squared error ${loss.toFixed(4)}`);
  adam.zeroGrad();
  net.backward(multiply(difference, 2 / N)); // dL/dout of L = mean (out − y)²
  adam.step();
}

for (const value of [-1.5, -0.5, 0.5, 1.5]) {
  const prediction = at(net.forward(array([[value]])), 0, 0);
  console.log(`x ${value}: prediction ${prediction.toFixed(2)}, sin 3x ${Math.sin(3 * value).toFixed(2)}`);
}
