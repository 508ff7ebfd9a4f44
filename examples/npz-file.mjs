// Reads a file that NumPy wrote, trains on it, and writes a file that NumPy reads: node npz-file.mjs [FOLDER]
// The file iris.npz holds Fisher's 150 iris flowers of three species. In Python, it was written with
//     numpy.savez_compressed('iris.npz', x=x.astype('float32'), labels=labels.astype('float32'))
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

const iris = decodeNpz(readFileSync(new URL('iris.npz', import.meta.url)), 'iris.npz');
for (const [name, { shape, dtype }] of Object.entries(iris)) console.log(`${name}: shape (${shape}), ${dtype}`);

const rng = new Random(1);
const order = rng.permutation(150);
const [trainRows, testRows] = [order.subarray(0, 100), order.subarray(100)];
const targets = oneHot(iris.labels, 3); // (150, 3)

// Every feature gets mean 0 and standard deviation 1 over the training flowers.
const center = mean(take(iris.x, trainRows), { axis: 0 }); // (4,)
const spread = sqrt(mean(square(subtract(take(iris.x, trainRows), center)), { axis: 0 })); // (4,)
const x = divide(subtract(iris.x, center), spread); // (150, 4)

const model = new MLP({ inputs: 4, hidden: [16], classes: 3, init: 'kaiming', rng });
const loss = model.loss();
const adam = new Adam(model.parameters(), { learningRate: 0.01 });
for (let step = 1; step <= 100; step++) {
  const value = trainStep(model, loss, adam, take(x, trainRows), take(targets, trainRows));
  if (step % 25 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}`);
}

const probs = model.forward(x); // (150, 3)
console.log(`test accuracy ${accuracy(take(probs, testRows), take(targets, testRows)).toFixed(2)} on 50 flowers`);
const file = join(process.argv[2] ?? '.', 'iris-net.npz');
writeFileSync(file, encodeNpz({ probs, center, spread, ...model.stateDict() }));
console.log(`numpy.load('${file}') gives ${Object.keys(decodeNpz(readFileSync(file))).join(', ')}`);
