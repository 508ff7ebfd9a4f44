import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { transform } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** A change of the sources: a file with all its text, or a text that goes in front of a text that is there once. */
type Change = [file: string, text: string, before?: string];

/** A container that multiplies what two layers make of its input. */
const LAYER: Change[] = [
  [
    'src/layers/product.ts',
    `import { add, assertLike, multiply, type NdArray } from '../array/index.js';
import type { Layer } from './layer.js';
import { Module } from './module.js';

export class Product extends Module {
  private outputs: [NdArray, NdArray] | undefined;

  constructor(readonly left: Layer, readonly right: Layer) {
    super();
  }

  forward(x: NdArray): NdArray {
    this.outputs = [this.left.forward(x), this.right.forward(x)];
    return multiply(...this.outputs);
  }

  backward(dout: NdArray): NdArray {
    if (!this.outputs) throw new Error('Product.backward: call forward first');
    const [left, right] = this.outputs;
    assertLike('Product.backward', 'dout', dout, left);
    return add(this.left.backward(multiply(dout, right)), this.right.backward(multiply(dout, left)));
  }

  override children(): [string, Layer][] {
    return [['left', this.left], ['right', this.right]];
  }
}
`,
  ],
  [
    'src/layer-specs.ts',
    "import { Product } from './layers/product.js';\n",
    "import { ReLU } from './layers/relu.js';",
  ],
  [
    'src/layer-specs.ts',
    `  {
    name: 'product',
    shape: (rng) => [4 + size(rng), size(rng)],
    make: ({ shape: [, D], rng, dtype }) =>
      randomized(new Product(new BatchNorm1d(D, { dtype }), new Linear(D, D, { rng, dtype })), rng),
    examples: ROWS,
    needsTwoSamples: true,
  },
`,
    "  {\n    name: 'sequential',",
  ],
  [
    'src/index.ts',
    "export { Product } from './layers/product.js';\n",
    "export { Residual } from './layers/residual.js';",
  ],
];

/** A net with that container, and batch norms inside. */
const MODEL: Change[] = [
  [
    'src/models/gated-net.ts',
    `import type { NdArray, Random } from '../array/index.js';
import { BatchNorm1d } from '../layers/batch-norm.js';
import { Linear } from '../layers/linear.js';
import { Product } from '../layers/product.js';
import { Sequential } from '../layers/sequential.js';
import { Softmax } from '../layers/softmax.js';
import { Tanh } from '../layers/tanh.js';
import { SoftmaxCrossEntropy } from '../losses/softmax-cross-entropy.js';
import type { ModelKind, ModelSize } from './model.js';
import { COUNT, type SettingsTable, setting, type ValuesOf } from './setting.js';

export class GatedNet extends Sequential {
  constructor(D: number, width: number, C: number, readonly rng: Random) {
    const linear = () => new Linear(D, width, { init: 'kaiming', rng });
    const gate = new Sequential(linear(), new BatchNorm1d(width), new Tanh());
    super(new Product(linear(), gate), new Linear(width, C, { init: 'kaiming', rng }));
  }

  loss(): SoftmaxCrossEntropy {
    return new SoftmaxCrossEntropy();
  }

  probabilities(outputs: NdArray): NdArray {
    return new Softmax().forward(outputs);
  }
}

const SETTINGS = {
  gateWidth: setting(COUNT, { default: 7, help: 'width of the gate' }),
} satisfies SettingsTable;

type GatedSettings = ValuesOf<typeof SETTINGS>;

export const gatedKind = {
  summary: 'a net with a gate',
  inputs: 'flat',
  settings: SETTINGS,
  build: ({ gateWidth }: GatedSettings, { sample, classes }: ModelSize, rng: Random) =>
    new GatedNet(sample.reduce((a, b) => a * b, 1), gateWidth, classes, rng),
  title: ({ gateWidth }: GatedSettings) => \`gated net \${gateWidth}\`,
  describe: ({ gateWidth }: GatedSettings) => \`a gate of width \${gateWidth}\`,
  parameterCount: ({ gateWidth }: GatedSettings, { sample, classes }: ModelSize) =>
    gateWidth * (2 * sample.reduce((a, b) => a * b, 1) + 4) + classes * (gateWidth + 1),
  work: ({ gateWidth }: GatedSettings) => ({ multiplications: gateWidth, elementwise: 0 }),
  needsTwoSamples: () => '--model gated',
} satisfies ModelKind;
`,
  ],
  [
    'src/models/model-table.ts',
    "import { gatedKind } from './gated-net.js';\n",
    "import { mlpKind } from './mlp-kind.js';",
  ],
  ['src/models/model-table.ts', '  gated: gatedKind,\n', '  mlp: mlpKind,\n'],
];

/** A setting of every run. */
const SETTING: Change[] = [
  [
    'src/node/runs/run-settings.ts',
    "  coffeeBreak: setting(WHOLE, { default: 3, implied: 0, help: 'minutes of rest' }),\n",
    '  seed: setting(',
  ],
];

/** What a program that imports the changed library finds. */
const PROGRAM = `
import { readFileSync, writeFileSync } from 'node:fs';
import { add, array, decodeNpz, encodeNpz, InputError, oneHot, Random } from './lib/index.js';
import { evaluateRun, loadRun, trainRun } from './lib/node.js';

const rng = new Random(1);
const labels = (count) => Array.from({ length: count }, (_, i) => i % 3);
const samples = (count) => add(rng.normal([count, 3]), oneHot(labels(count), 3));
const set = { x_train: samples(60), x_test: samples(30) };
writeFileSync('set.npz', encodeNpz({ ...set, y_train: array(labels(60)), y_test: array(labels(30)) }));

const model = { name: 'gated', gateWidth: 5 };
const settings = { model, dataset: process.cwd() + '/set.npz', maxSteps: 20, batchSize: 10, evalEvery: 10, learningRate: 0.1 };
const { history } = await trainRun({ ...settings, coffeeBreak: 4, average: 0.5 }, { out: 'run' });
const config = JSON.parse(readFileSync('run/config.json', 'utf8'));
const { coffeeBreak, ...older } = config;
const refusal = async (changes) => trainRun({ ...settings, ...changes }).then(() => 'none', (error) => error instanceof InputError && error.message);
const refused = [await refusal({ coffeeBreak: -1 }), await refusal({ model: { name: 'gated', gateWidth: 0 } })];
const evaluated = await evaluateRun('run');
const net = await loadRun('run');
writeFileSync('run/config.json', JSON.stringify(older));
const again = await evaluateRun('run');
process.stdout.write(JSON.stringify({
  config, refused,
  losses: [history.firstLoss, history.evaluations.at(-1).testLoss, evaluated.loss, again.loss],
  state: Object.keys(decodeNpz(readFileSync('run/model.npz'), 'model.npz')),
  predicted: net.predict(set.x_test).length,
}));
`;

/** The files of `src` that an addition touches. */
function placesOf(changes: readonly Change[]): string[] {
  return [...new Set(changes.map(([file]) => file))];
}

describe('the measure of the house', function () {
  this.timeout(120_000);
  let [house, help] = ['', ''];
  const handgrad = (...args: string[]) => run(process.execPath, ['lib/cli/main.js', ...args], { cwd: house });

  before(async () => {
    house = mkdtempSync(join(tmpdir(), 'handgrad-house-'));
    for (const part of ['package.json', 'tsconfig.json', 'src', 'lib'])
      cpSync(join(root, part), join(house, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'), 'junction');
    for (const [file, text, before] of [...LAYER, ...MODEL, ...SETTING]) {
      if (before === undefined) writeFileSync(join(house, file), text, { flag: 'wx' });
      else {
        const parts = readFileSync(join(house, file), 'utf8').split(before);
        expect(parts, `${file}: ${before}`).to.have.length(2);
        writeFileSync(join(house, file), parts.join(text + before));
      }
    }
    for (const file of new Set([...LAYER, ...MODEL, ...SETTING].map(([file]) => file))) {
      const { code } = await transform(readFileSync(join(house, file), 'utf8'), { loader: 'ts' });
      writeFileSync(join(house, file.replace('src', 'lib').replace('.ts', '.js')), code);
    }
    help = (await handgrad('train', '--model', 'gated', '--help')).stdout;
  });

  after(() => rmSync(house, { recursive: true, force: true }));

  it('a new container layer is its file, its entry in layer-specs.ts and a line in index.ts; check then checks it', async () => {
    expect(placesOf(LAYER)).to.deep.equal(['src/layers/product.ts', 'src/layer-specs.ts', 'src/index.ts']);
    const { reports } = JSON.parse((await handgrad('check', 'product', '--json')).stdout) as {
      reports: { passed: boolean; rows: { array: string }[] }[];
    };
    expect(reports.map(({ passed }) => passed)).to.deep.equal([true, true, true]);
    const arrays = ['x', 'left.gamma', 'left.beta', 'right.weight', 'right.bias'];
    expect(reports[0].rows.map(({ array }) => array)).to.have.members(arrays);
  });

  it('a new model is its file and a line in the table; --help then lists it with its flags', async () => {
    expect(placesOf(MODEL)).to.deep.equal(['src/models/gated-net.ts', 'src/models/model-table.ts']);
    expect(help).to.match(/gated\s+\(a\s+net\s+with\s+a\s+gate\)/);
    expect(help).to.match(/--gate-width <n> +width of the gate \(default: 7\)/);
    expect(help).not.to.include('--hidden');
  });

  it('a new setting is one row; its flag, its checks and its place in config.json follow', async () => {
    expect(placesOf(SETTING)).to.deep.equal(['src/node/runs/run-settings.ts']);
    expect(SETTING).to.have.length(1);
    expect(help).to.match(/--coffee-break <n> +minutes of rest \(default: 3\)/);
    const { code, stderr } = await handgrad('train', '--coffee-break', '1.5').catch((error) => error);
    expect(stderr).to.include(
      "option '--coffee-break <n>' argument '1.5' is invalid. Expected a whole number from 0 up.",
    );
    expect(code).to.equal(2);
  });

  it('a run trains, saves, loads and evaluates the three together', async () => {
    writeFileSync(join(house, 'program.mjs'), PROGRAM);
    const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: house });
    const found = JSON.parse(stdout) as {
      config: { model: object; coffeeBreak: number };
      refused: string[];
      losses: number[];
      state: string[];
      predicted: number;
    };
    expect(found.config.model).to.deep.equal({ name: 'gated', gateWidth: 5 });
    expect(found.config.coffeeBreak).to.equal(4);
    expect(found.refused).to.deep.equal([
      "the configuration has no valid 'coffeeBreak': -1",
      "the configuration has no valid 'model.gateWidth': 0",
    ]);
    const [first, last, ...again] = found.losses;
    expect(last).to.be.below(first);
    expect(again).to.deep.equal([last, last]); // the second without the setting, as in an older config.json
    expect(found.state).to.have.length(10);
    expect(found.state).to.include('layers.0.right.layers.1.runningMean');
    expect(found.predicted).to.equal(30);
  });

  // .ci/run sets HANDGRAD_THOROUGH: the compiler takes as long as all other tests of this file.
  if (process.env.HANDGRAD_THOROUGH) {
    it('the compiler finds no other place that has to know the new names', async () => {
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const { stdout } = await run(process.execPath, [tsc, '-p', house, '--noEmit']).catch((error) => error);
      expect(stdout).to.equal('');
    });
  }
});
