// A run is stopped half way and resumed. Its weights are byte-identical to those of an uninterrupted run.
// It trains on MNIST, which is downloaded once (11 MB). The two run folders are in runs/.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resumeRun, trainRun } from 'handgrad/node';

/** @type {import('handgrad/node').PartialRunConfig} */
const settings = {
  dataset: 'mnist',
  model: { name: 'mlp', hidden: [64], dropout: 0.2 }, // the masks of dropout continue as well
  optimizer: 'adam',
  maxSteps: 120,
  validation: 5000, // evaluates on held-out training images, which are fewer than the test images
  evalEvery: 60,
};
const onEvaluation = (entry) => console.log(`  step ${entry.step}: accuracy ${entry.testAccuracy.toFixed(4)}`);

console.log('without interruption');
const whole = await trainRun(settings, { out: 'runs/whole', force: true, onEvaluation });

console.log('stopped half way');
const stop = new AbortController();
const onStep = ({ step }) => step === 60 && stop.abort();
const half = await trainRun(settings, { out: 'runs/resumed', force: true, onEvaluation, onStep, signal: stop.signal });
console.log(`  ${half.history.stopped?.message}`);

console.log('resumed, as in another process or after a power cut');
const resumed = await resumeRun(half.folder, { onEvaluation });

const [a, b] = [whole, resumed].map(({ folder }) => readFileSync(join(folder, 'model.npz')));
console.log(`${a.length} bytes of weights: ${a.equals(b) ? 'byte-identical' : 'different'}`);
