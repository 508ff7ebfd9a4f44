// Arrays in a NumPy file: writes data.npz, reads it, trains on it, and writes the weights. `numpy.load` opens both files.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  add,
  array,
  decodeNpz,
  encodeNpz,
  Linear,
  oneHot,
  Random,
  SGD,
  SoftmaxCrossEntropy,
  trainStep,
} from 'handgrad';

// Two clouds of points. With NumPy: numpy.savez('data.npz', x=x.astype('float32'), labels=labels.astype('float32'))
const rng = new Random(1);
const labels = Array.from({ length: 100 }, (_, n) => n % 2);
const centers = array(labels.map((label) => (label === 0 ? [-1, 0] : [1, 0.5])));
writeFileSync('data.npz', encodeNpz({ x: add(centers, rng.normal([100, 2], { std: 0.4 })), labels: array(labels) }));

const data = decodeNpz(readFileSync('data.npz'), 'data.npz');
for (const [name, { shape, dtype }] of Object.entries(data)) console.log(`${name}: shape (${shape}), ${dtype}`);

const targets = oneHot(data.labels.data, 2); // (100, 2)
const layer = new Linear(2, 2, { rng });
const loss = new SoftmaxCrossEntropy();
const sgd = new SGD(layer.parameters(), { learningRate: 0.5 });
for (let step = 0; step <= 60; step++) {
  const value = trainStep(layer, loss, sgd, data.x, targets);
  if (step % 20 === 0) console.log(`step ${step}: loss ${value.toFixed(4)}`);
}

writeFileSync('weights.npz', encodeNpz(layer.stateDict()));
const saved = decodeNpz(readFileSync('weights.npz'), 'weights.npz');
const restored = new Linear(2, 2);
restored.loadStateDict(saved);
const [before, after] = [layer, restored].map((each) => loss.forward(each.forward(data.x), targets));
console.log(`the loss of the saved weights is ${before === after ? 'the same' : 'different'}`);
