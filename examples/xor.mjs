// A small net learns XOR, which no linear net can represent.
import { Adam, argmax, array, arraySource, at, MLP, oneHot, Random, Trainer } from 'handgrad';

const points = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];
const x = array(points); // (4, 2)
const source = arraySource(x, oneHot([0, 1, 1, 0], 2)); // four samples of two classes

const model = new MLP({ inputs: 2, hidden: [8], classes: 2, init: 'xavier', rng: new Random(1) });
const trainer = new Trainer({
  model,
  loss: model.loss(),
  optimizer: new Adam(model.parameters(), { learningRate: 0.05 }),
  train: source,
  test: source, // there are no other points
  batchSize: 4,
  maxSteps: 200,
  evalEvery: 50,
  rng: new Random(2),
  onEvaluation: ({ step, testLoss }) => console.log(`step ${step}: loss ${testLoss.toFixed(4)}`),
});
await trainer.fit();

model.eval();
const probs = model.forward(x); // (4, 2)
const answers = argmax(probs, { axis: 1 }); // (4,)
for (const [n, [a, b]] of points.entries()) {
  const answer = answers.get(n);
  console.log(`${a} xor ${b} = ${answer}, with probability ${at(probs, n, answer).toFixed(4)}`);
}
