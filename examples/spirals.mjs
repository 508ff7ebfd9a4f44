// A net separates three spirals. Draws its decision surface: node spirals.mjs [FILE.svg]
import { writeFileSync } from 'node:fs';
import { Adam, accuracy, argmax, array, arraySource, MLP, oneHot, Random, Trainer, toNested } from 'handgrad';

const ARMS = 3;
const COLORS = ['#0072b2', '#e69f00', '#009e73'];

/** Points on three spirals, with noise, and the spiral of each. */
function spirals(count, rng) {
  const labels = Array.from({ length: count }, (_, i) => i % ARMS);
  const points = labels.map((arm, i) => {
    const radius = (i + 1) / count;
    const angle = 4 * radius + (2 * Math.PI * arm) / ARMS + 0.15 * rng.nextNormal();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { points, labels, x: array(points), targets: oneHot(labels, ARMS) };
}

const train = spirals(300, new Random(1));
const test = spirals(300, new Random(2));
const rng = new Random(3);
const model = new MLP({ inputs: 2, hidden: [32, 32], classes: ARMS, activation: 'tanh', init: 'xavier', rng });
const trainer = new Trainer({
  model,
  loss: model.loss(),
  optimizer: new Adam(model.parameters(), { learningRate: 0.01 }),
  train: arraySource(train.x, train.targets),
  test: arraySource(test.x, test.targets),
  batchSize: 100,
  maxSteps: 600,
  evalEvery: 200,
  rng,
  onEvaluation: ({ step, testAccuracy }) => console.log(`step ${step}: test accuracy ${testAccuracy.toFixed(3)}`),
});
await trainer.fit();
console.log(`training accuracy ${accuracy(model.forward(train.x), train.targets).toFixed(3)}`);

// One square per point of a grid, in the color of its predicted spiral, and the test points on top.
const SIDE = 60;
const grid = Array.from({ length: SIDE * SIDE }, (_, i) => [i % SIDE, Math.floor(i / SIDE)]);
const centers = array(grid.map(([column, row]) => [(2 * column + 1) / SIDE - 1, (2 * row + 1) / SIDE - 1]));
const classes = toNested(argmax(model.forward(centers), 1));
const squares = grid.map(
  ([x, y], i) => `<rect x="${x}" y="${y}" width="1.02" height="1.02" fill="${COLORS[classes[i]]}"/>`,
);
const dots = test.points.map(([x, y], i) => {
  const [cx, cy] = [x, y].map((value) => (((value + 1) * SIDE) / 2).toFixed(2));
  return `<circle cx="${cx}" cy="${cy}" r="0.5" fill="${COLORS[test.labels[i]]}" stroke="#fff" stroke-width="0.15"/>`;
});
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" viewBox="0 0 ${SIDE} ${SIDE}">
<g opacity="0.35">${squares.join('')}</g>${dots.join('')}</svg>\n`;
const file = process.argv[2] ?? 'spirals.svg';
writeFileSync(file, svg);
console.log(`the decision surface is in ${file}`);
