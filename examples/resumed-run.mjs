// A run is stopped half-way and resumed. Its weights are byte-identical to those of an uninterrupted run.
// It trains on MNIST, which is fetched once (11 MB).
import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readRecord, resumeRun, trainRun } from 'handgrad/node';

const settings = { dataset: 'mnist', maxSteps: 60, evalEvery: 20, optimizer: 'adam', learningRate: 1e-3 };
const [whole, halves] = ['run-whole', 'run-halves'].map((folder) => resolve(folder));
for (const folder of [whole, halves]) rmSync(folder, { recursive: true, force: true });

console.log('60 steps without interruption');
await trainRun(settings, { out: whole });

console.log('the same run, stopped after the evaluation at step 20');
const stop = new AbortController();
const { history } = await trainRun(settings, {
  out: halves,
  signal: stop.signal,
  onEvaluation: ({ step }) => step === 20 && stop.abort(),
});
console.log(`stopped at step ${history.stopped.step}: ${history.stopped.reason}`);

console.log('resumed');
const { evaluation } = await resumeRun(halves, await readRecord(halves));
console.log(`test accuracy ${evaluation.accuracy.toFixed(4)}`);

const [a, b] = [whole, halves].map((folder) => readFileSync(join(folder, 'model.npz')));
console.log(a.equals(b) ? 'model.npz is byte-identical' : 'model.npz differs');
