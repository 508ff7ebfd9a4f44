// A small net learns XOR, which no linear net can.
import { Adam, argmax, array, arraySource, MLP, oneHot, Random, Trainer, toNested } from 'handgrad';

const points = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const labels = [0, 1, 1, 0];
const source = arraySource(array(points), oneHot(labels, 2));

const model = new MLP({ inputs: 2, hidden: [8], classes: 2, init: 'xavier', rng: new Random(1) });
const trainer = new Trainer({
  model,
  loss: model.loss(),
  optimizer: new Adam(model.parameters(), { learningRate: 0.05 }),
  train: source,
  test: source,
  batchSize: 4,
  maxSteps: 200,
  evalEvery: 50,
  rng: new Random(2),
  onEvaluation: ({ step, testLoss }) => console.log(`step ${step}: loss ${testLoss.toFixed(4)}`),
});
await trainer.fit();

model.eval();
const predictions = toNested(argmax(model.forward(array(points)), 1));
for (const [i, [a, b]] of points.entries()) console.log(`${a} xor ${b} = ${predictions[i]}`);
