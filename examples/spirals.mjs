// A net separates three spirals, and draws where it sees each of them: node spirals.mjs [FOLDER]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Adam, argmax, array, arraySource, evaluate, MLP, oneHot, Random, Trainer } from 'handgrad';

const COLORS = ['#0072b2', '#e69f00', '#009e73']; // one per spiral

/** Points on three spirals, with noise, and the spiral of each point. */
function spirals(count, rng) {
  const labels = Array.from({ length: count }, (_, n) => n % COLORS.length);
  const points = labels.map((label, n) => {
    const radius = (n + 1) / count;
    const angle = 6 * radius + (2 * Math.PI * label) / COLORS.length + 0.12 * rng.nextNormal();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { points, labels, source: arraySource(array(points), oneHot(labels, COLORS.length)) };
}

const train = spirals(300, new Random(1));
const test = spirals(300, new Random(2));
const rng = new Random(3);
const model = new MLP({ inputs: 2, hidden: [32, 32], classes: 3, activation: 'tanh', init: 'xavier', rng });
const loss = model.loss();
const trainer = new Trainer({
  model,
  loss,
  optimizer: new Adam(model.parameters(), { learningRate: 0.01 }),
  train: train.source,
  test: test.source,
  batchSize: 100,
  maxSteps: 600,
  evalEvery: 200,
  rng,
  onEvaluation: ({ step, testLoss }) => console.log(`step ${step}: test loss ${testLoss.toFixed(3)}`),
});
await trainer.fit();
for (const [name, { source }] of Object.entries({ train, test })) {
  console.log(`${name} accuracy ${(await evaluate(model, loss, source)).accuracy.toFixed(3)}`);
}

// A grid of squares, each in the color of the spiral that the net predicts there, and the test points on top.
const [SIDE, ZOOM] = [66, 30]; // squares per side, squares per unit of the plane
const cells = Array.from({ length: SIDE ** 2 }, (_, i) => [i % SIDE, Math.floor(i / SIDE)]);
const centers = array(cells.map((cell) => cell.map((c) => (c + 0.5 - SIDE / 2) / ZOOM))); // (SIDE², 2)
const predicted = argmax(model.forward(centers), { axis: 1 }); // (SIDE²,)
const areas = COLORS.map((color, label) => {
  const squares = cells.filter((_, i) => predicted.get(i) === label).map(([x, y]) => `M${x} ${y}h1v1h-1z`);
  return `<path fill="${color}" opacity="0.35" d="${squares.join('')}"/>`;
});
const dots = test.points.map(([x, y], n) => {
  const at = `cx="${x.toFixed(3)}" cy="${y.toFixed(3)}"`;
  return `<circle ${at} r="0.02" fill="${COLORS[test.labels[n]]}" stroke="#fff" stroke-width="0.006"/>`;
});
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="528" height="528" viewBox="0 0 ${SIDE} ${SIDE}">
${areas.join('\n')}
<g transform="translate(${SIDE / 2} ${SIDE / 2}) scale(${ZOOM})">${dots.join('\n')}</g>\n</svg>\n`;
const file = join(process.argv[2] ?? '.', 'spirals.svg');
writeFileSync(file, svg);
console.log(`the decision surface is in ${file}`);
