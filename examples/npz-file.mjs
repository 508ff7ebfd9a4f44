// Reads a file that NumPy wrote, trains on it, and writes a file that NumPy reads: node npz-file.mjs [FOLDER]
// clouds.npz has 150 points of three classes. In Python, with rng = numpy.random.default_rng(1):
//     labels = numpy.arange(150) % 3
//     x = numpy.array([[0, 0, 1, 2], [1.5, 1, 0, 1], [2, -1, 2, 0]])[labels]
//     x = x + rng.normal(0, [0.6, 0.5, 0.7, 0.6], (150, 4))
//     numpy.savez_compressed('clouds.npz', x=x.astype('float32'), labels=labels.astype('float32'))
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Adam,
  accuracy,
  decodeNpz,
  divide,
  encodeNpz,
  MLP,
  mean,
  oneHot,
  Random,
  sqrt,
  square,
  subtract,
  take,
  trainStep,
} from 'handgrad';

const clouds = decodeNpz(readFileSync(new URL('clouds.npz', import.meta.url)), 'clouds.npz');
for (const [name, { shape, dtype }] of Object.entries(clouds)) console.log(`${name}: shape (${shape}), ${dtype}`);

const rng = new Random(1);
const order = rng.permutation(150);
const [trainRows, testRows] = [order.subarray(0, 100), order.subarray(100)];
const targets = oneHot(clouds.labels, 3); // (150, 3)

// Every feature gets mean 0 and standard deviation 1 over the training points.
const center = mean(take(clouds.x, trainRows), { axis: 0 }); // (4,)
const spread = sqrt(mean(square(subtract(take(clouds.x, trainRows), center)), { axis: 0 })); // (4,)
const x = divide(subtract(clouds.x, center), spread); // (150, 4)

const model = new MLP({ inputs: 4, hidden: [16], classes: 3, init: 'kaiming', rng });
const loss = model.loss();
const adam = new Adam(model.parameters(), { learningRate: 0.01 });
for (let step = 1; step <= 100; step++) {
  const value = trainStep(model, loss, adam, take(x, trainRows), take(targets, trainRows));
  if (step % 25 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}`);
}

const probs = model.forward(x); // (150, 3)
console.log(`test accuracy ${accuracy(take(probs, testRows), take(targets, testRows)).toFixed(2)} on 50 points`);
const file = join(process.argv[2] ?? '.', 'clouds-net.npz');
writeFileSync(file, encodeNpz({ probs, center, spread, ...model.stateDict() }));
console.log(`numpy.load('${file}') gives ${Object.keys(decodeNpz(readFileSync(file))).join(', ')}`);
