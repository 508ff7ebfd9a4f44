// Finds a learning rate: raises it in each step, and watches the loss (Smith 2017, arXiv 1506.01186, section 3.3).
import { writeFileSync } from 'node:fs';
import { argmax, MLP, matmul, oneHot, Random, SGD, take, trainStep } from 'handgrad';
import { linesSvg } from 'handgrad/node';

// Labels from a random linear map, so that there is something to learn.
const rng = new Random(1);
const x = rng.normal([2000, 50]); // (2000, 50)
const targets = oneHot(argmax(matmul(x, rng.normal([50, 10])), 1), 10); // (2000, 10)

const model = new MLP({ inputs: 50, hidden: [64], classes: 10, init: 'kaiming', logits: true, rng });
const loss = model.loss();
const sgd = new SGD(model.parameters(), { learningRate: 1e-4 });

const STEPS = 120;
const points = [];
let smoothed = Number.NaN;
let best = { loss: Infinity, rate: 0 };
for (let step = 0; step < STEPS; step++) {
  sgd.learningRate = 1e-4 * 1e6 ** (step / STEPS); // from 0.0001 to 100
  const batch = Array.from({ length: 100 }, () => Math.floor(2000 * rng.next()));
  const value = trainStep(model, loss, sgd, take(x, batch), take(targets, batch));
  smoothed = Number.isNaN(smoothed) ? value : 0.8 * smoothed + 0.2 * value;
  if (smoothed < best.loss) best = { loss: smoothed, rate: sgd.learningRate };
  if (smoothed > 3 * best.loss) break; // it diverges
  points.push([sgd.learningRate, smoothed]);
}

const title = 'Learning-rate range test';
writeFileSync(
  'range-test.svg',
  await linesSvg([{ name: 'loss', points }], { title, x: 'learning rate', y: 'loss (nats)', logX: true }),
);
console.log(
  `the loss is lowest at a rate of ${best.rate.toFixed(3)} and then rises; try ${(best.rate / 10).toFixed(3)}`,
);
console.log('the curve is in range-test.svg');
