// Finds a learning rate: a short run raises it at each step until the loss explodes (Smith 2017, arXiv 1506.01186,
// section 3.3). Draws the loss over the learning rate: node learning-rate-range-test.mjs [FOLDER]
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, MLP, oneHot, Random, SGD, take, trainStep } from 'handgrad';
import { linesSvg } from 'handgrad/node';

// Images of 8 × 8 pixels: stripes in six directions, with a random phase and noise. The direction is the class.
const rng = new Random(1);
const N = 1200;
const labels = Array.from({ length: N }, (_, n) => n % 6);
const images = labels.map((label) => {
  const [angle, phase] = [(Math.PI * label) / 6, 2 * Math.PI * rng.next()];
  const wave = (i) => Math.sin((i % 8) * Math.cos(angle) + Math.floor(i / 8) * Math.sin(angle) + phase);
  return Array.from({ length: 64 }, (_, i) => wave(i) + 0.5 * rng.nextNormal());
});
const [x, targets] = [array(images), oneHot(labels, 6)]; // (N, 64) and (N, 6)

/** Trains a new net, and yields the rate and the loss of each step. */
function* train(steps, rateOf) {
  const model = new MLP({ inputs: 64, hidden: [32], classes: 6, init: 'kaiming', logits: true, rng: new Random(2) });
  const loss = model.loss();
  const sgd = new SGD(model.parameters(), { learningRate: rateOf(0) });
  for (let step = 0; step < steps; step++) {
    sgd.learningRate = rateOf(step);
    const rows = rng.permutation(N).subarray(0, 100);
    yield { rate: sgd.learningRate, loss: trainStep(model, loss, sgd, take(x, rows), take(targets, rows)) };
  }
}

/** @type {[rate: number, loss: number][]} */
const points = [];
let best = { rate: 0, loss: Infinity };
for (const { rate, loss } of train(150, (step) => 1e-4 * 1e6 ** (step / 150))) {
  const smooth = 0.8 * (points.at(-1)?.[1] ?? loss) + 0.2 * loss; // a running mean
  points.push([rate, smooth]);
  if (smooth < best.loss) best = { rate, loss: smooth };
  if (smooth > 3 * best.loss) break; // it explodes
}
console.log(
  `the loss is lowest at a rate of ${best.rate.toFixed(3)}, and explodes at ${points.at(-1)?.[0].toFixed(3)}`,
);

const suggested = best.rate / 10; // well below the edge
console.log(`suggested learning rate: ${suggested.toFixed(3)}`);
for (const rate of [suggested / 30, suggested]) {
  const losses = [...train(200, () => rate)].map(({ loss }) => loss);
  console.log(`after 200 steps at ${rate.toFixed(3)}: loss ${losses[199].toFixed(3)}`);
}
const file = join(process.argv[2] ?? '.', 'range-test.svg');
const axes = { title: 'Learning-rate range test', x: 'learning rate', y: 'loss (nats)', logX: true };
writeFileSync(file, await linesSvg([{ name: 'running mean of the loss', points }], axes));
console.log(`the curve is in ${file}`);
