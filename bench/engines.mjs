import { cpus } from 'node:os';
import { MLP, matmul, oneHot, Random, SGD, setBackend, transpose } from '../lib/index.js';

/**
 * Measures the engines side by side: bare products, in GFLOPS, and training steps of the default net, in steps a second.
 * Rounds are interleaved, so that a busy moment of the machine meets every engine, and medians are shown.
 */
const ENGINES = [
  ['reference', 1],
  ['wasm', 1],
  ['wasm', 2],
  ['blas', 1],
  ['blas', 2],
];
const PRODUCTS = [
  [64, 64, 64],
  [200, 100, 3072],
  [128, 1024, 3072],
  [1024, 1024, 1024],
];

/** A training step of 3072 → 100 → 10 on a batch of 200 in memory. */
function trainingStep() {
  const rng = new Random(1);
  const net = new MLP({ inputs: 3072, hidden: [100], classes: 10, rng });
  const loss = net.loss();
  const sgd = new SGD(net.parameters(), { learningRate: 1e-3 });
  const x = rng.normal([200, 3072], { std: 60 });
  const targets = oneHot(
    Array.from({ length: 200 }, (_, i) => i % 10),
    10,
  );
  return () => {
    loss.forward(net.forward(x), targets);
    sgd.zeroGrad();
    net.accumulateGradients(loss.backward());
    sgd.step();
  };
}

function product(n, m, k, dtype) {
  const rng = new Random(1);
  const [a, b] = [rng.normal([n, k], { dtype }), transpose(rng.normal([m, k], { dtype }))];
  return () => matmul(a, b);
}

/** The median time of each engine, in seconds, over interleaved rounds; undefined where an engine does not run here. */
function medians(run, { rounds, times }) {
  const samples = ENGINES.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, [name, threads]] of ENGINES.entries()) {
      try {
        setBackend(name, { threads });
      } catch {
        continue;
      }
      run(); // the first one pays for waking up
      const repeats = name === 'reference' ? 1 : times;
      for (let t = 0; t < repeats; t++) {
        const started = performance.now();
        run();
        samples[i].push((performance.now() - started) / 1000);
      }
    }
  }
  return samples.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]);
}

const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const cell = (value) => (Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 0) : '–');

console.log(`${cpus()[0].model}, Node ${process.version}\n`);
row(['', ...ENGINES.map(([name, threads]) => `${name}, ${threads} thread${threads > 1 ? 's' : ''}`)]);
row(['---', ...ENGINES.map(() => '---:')]);
for (const dtype of ['float32', 'float64']) {
  for (const [n, m, k] of PRODUCTS) {
    const seconds = medians(product(n, m, k, dtype), { rounds: 3, times: 15 });
    row([`${n} × ${k} × ${m}, ${dtype}, GFLOPS`, ...seconds.map((s) => cell((2 * n * m * k) / s / 1e9))]);
  }
}
const seconds = medians(trainingStep(), { rounds: 5, times: 40 });
row(['training steps of the default net, 1/s', ...seconds.map((s) => cell(1 / s))]);
