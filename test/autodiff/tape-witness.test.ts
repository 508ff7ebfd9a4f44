import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { build } from 'esbuild';
import { multiply as onTape, type TapeForward, tapeWitness } from '../../src/autodiff.js';
import { CHECK_CASES, type CheckCase } from '../../src/gradcheck/cases.js';
import {
  assign,
  CrossEntropy,
  checkLayer,
  checkLoss,
  Dropout,
  type GradientReport,
  type Layer,
  LayerNorm,
  Linear,
  MSELoss,
  multiply,
  type NdArray,
  oneHot,
  Parameter,
  Random,
  ReLU,
  Sequential,
  Softmax,
  SoftmaxCrossEntropy,
  sum,
  type Witness,
} from '../../src/index.js';
import { Mutant } from '../gradcheck/mutant.js';
import { WRONG_LAYERS, WRONG_LOSSES } from '../gradcheck/mutants.js';
import { normal } from '../support/arrays.js';
import { temporaryFolders } from '../support/temporary.js';

const dtype = 'float64';
const root = fileURLToPath(new URL('../..', import.meta.url));

describe('hand-written gradients, the tape and finite differences', () => {
  // Every layer with an entry in layer-specs.ts and every loss: one without a forward on the tape fails here.
  for (const { name, check } of CHECK_CASES) {
    it(`agree on ${name} at ten random shapes`, () => {
      for (let i = 0; i < 10; i++) {
        const report = check(new Random(`witness ${name} ${i}`), tapeWitness());
        expect(report.passed, String(report)).to.equal(true);
        expect(report.rows.length).to.be.at.least(1);
        for (const { witness, outlier } of report.rows) {
          expect(witness?.name).to.equal('tape');
          expect(witness?.allowed).to.be.below(1e-9);
          expect(outlier).to.equal(undefined);
        }
      }
    });
  }

  it('agree on layer norm to 1e-12, relative to the largest gradient of each array', () => {
    const layer = new LayerNorm(7, { dtype });
    for (const { value } of layer.parameters()) assign(value, normal([7], 1));
    const { rows } = checkLayer(layer, normal([3, 7], 2), { witness: tapeWitness() });
    expect(rows.map(({ array }) => array)).to.deep.equal(['x', 'gamma', 'beta']);
    for (const { witness, analytic } of rows) expect(witness?.error).to.be.at.most(1e-12 * Math.abs(analytic));
  });

  it('agree on dropout in training, with the masks of the layer, and in evaluation', () => {
    const rng = new Random(5);
    const layer = new Sequential(new Dropout(0.5, { rng }), new Linear(5, 3, { dtype }), new Dropout(0.2, { rng }));
    for (const mode of ['train', 'eval'] as const) {
      layer[mode]();
      const report = checkLayer(layer, normal([4, 5], 1), { replay: rng, witness: tapeWitness() });
      expect(report.passed, `${mode}: ${report}`).to.equal(true);
    }
  });
});

describe('a witness', () => {
  /** x · x · w, with a backward and a forward on the tape. */
  class Quadratic implements Layer {
    readonly weight = new Parameter('weight', normal([3], 1));
    private x: NdArray = this.weight.value;
    forward(x: NdArray): NdArray {
      this.x = x;
      return multiply(multiply(x, x), this.weight.value);
    }
    backward(dout: NdArray): NdArray {
      assign(this.weight.grad, sum(multiply(dout, multiply(this.x, this.x)), { axis: 0 }));
      return multiply(multiply(multiply(this.x, 2), this.weight.value), dout);
    }
    parameters(): Parameter[] {
      return [this.weight];
    }
    train(): void {}
    eval(): void {}
  }
  const x = normal([4, 3], 2);
  const forward: TapeForward<Quadratic> = (x, layer, on) => onTape(onTape(x, x), on(layer.weight));

  it('checks a layer of your own, whose forward you write on the tape', () => {
    const { rows } = checkLayer(new Quadratic(), x, { witness: tapeWitness(forward) });
    const [dx, dWeight] = rows;
    expect(dx.passed).to.equal(true);
    expect(dx.witness?.error).to.be.below(1e-12);
    // It overwrites grad instead of adding to it: the other two agree that it is wrong.
    expect([dWeight.passed, dWeight.outlier]).to.deep.equal([false, 'analytic']);
  });

  it('needs a forward for the class of a layer, and one gradient per array', () => {
    expect(() => checkLayer(new Quadratic(), x, { witness: tapeWitness() })).to.throw(
      TypeError,
      'the tape has no forward for Quadratic: write it in src/autodiff/forwards.ts',
    );
    const witness: Witness = { ...tapeWitness(), ofLayer: (_layer, x) => [x] };
    expect(() => checkLayer(new Quadratic(), x, { witness })).to.throw('expected 2 gradients of the witness, got 1');
    const wrongShape: Witness = { ...tapeWitness(), ofLayer: () => [normal([2], 1)] };
    expect(() => checkLayer(new ReLU(), x, { witness: wrongShape })).to.throw(
      'the witness tape: expected dx of shape (4, 3), got (2,)',
    );
    const own = { forward: () => 1, backward: () => x };
    expect(() => checkLoss(own, x, x, { witness: tapeWitness() })).to.throw('the tape has no forward for Object');
  });

  it('that differs from the other two is named in the report, with all three values', () => {
    const wrong: TapeForward<Quadratic> = (x, layer, on) => onTape(x, on(layer.weight));
    const report = checkLayer(new Quadratic(), x, { witness: tapeWitness(wrong) });
    expect(report.passed).to.equal(false);
    expect(report.rows[0].outlier).to.equal('tape');
    expect(String(report)).to.match(
      /^Quadratic: dx of shape \(4, 3\) FAILS; worst at \[\d, \d\]: analytic \S+, numeric \S+ \(difference \S+, allowed \S+\), tape \S+ \(difference \S+, allowed \S+\); tape differs from the other two$/m,
    );
  });

  it('that is NaN or differs by 1e-9 of the gradient does not pass, although a finite difference cannot see the latter', () => {
    for (const [factor, outlier] of [
      [1 + 1e-9, undefined],
      [Number.NaN, 'tape'],
    ] as const) {
      const right = tapeWitness();
      const witness: Witness = {
        ...right,
        ofLayer: (...given) => right.ofLayer(...given).map((d) => multiply(d, factor)),
      };
      const { passed, rows } = checkLayer(new Softmax(), x, { witness });
      expect([passed, rows[0].outlier]).to.deep.equal([false, outlier]);
    }
  });
});

describe('a wrong hand-written backward is found by the tape and the finite difference together', () => {
  /** Whether the report names the hand-written gradient, and no other, as the one that differs. */
  function expectOutlier(report: GradientReport): void {
    expect(report.passed, String(report)).to.equal(false);
    const failed = report.rows.filter(({ passed }) => !passed);
    if (report.problems.length === 0) expect(failed, String(report)).not.to.have.length(0);
    for (const { outlier } of failed) expect(outlier, String(report)).to.equal('analytic');
  }

  for (const [name, { make, shape }] of Object.entries(WRONG_LAYERS)) {
    it(name, () => {
      const [rng, draws] = [new Random(name), new Random(1)];
      const layer = make(rng, draws);
      if (!(layer instanceof Mutant)) throw new TypeError(`${name} is not a mutant`);
      const tape = tapeWitness();
      const witness: Witness = { ...tape, ofLayer: (_mutant, x, dout) => tape.ofLayer(layer.right, x, dout) };
      expectOutlier(checkLayer(layer, normal(shape, 1), { rng, replay: draws, name, witness }));
    });
  }

  const RIGHT = { CrossEntropy, MSELoss, SoftmaxCrossEntropy };
  for (const [name, make] of Object.entries(WRONG_LOSSES)) {
    it(name, () => {
      const right = new RIGHT[name.split(':')[0] as keyof typeof RIGHT]();
      const tape = tapeWitness();
      const witness: Witness = { ...tape, ofLoss: (_mutant, x, targets) => tape.ofLoss(right, x, targets) };
      const x = new Softmax().forward(normal([3, 4], 1));
      expectOutlier(checkLoss(make(), x, oneHot([1, 2, 0], 4, dtype), { name, witness }));
    });
  }
});

/** Wrong rules of the tape: what is wrong, a text of tape.ts, what stands in its place, and a layer or loss that uses it. */
const WRONG_RULES = [
  ['add: the gradient of b forgotten', '(dout) => [dout, dout]', '(dout) => [dout, np.zerosLike(dout)]', 'linear'],
  ['subtract: the sign', '  np.negative(dout),\n', '  dout,\n', 'layernorm'],
  ['multiply: da is dout · a', 'np.multiply(dout, b),\n', 'np.multiply(dout, a),\n', 'layernorm'],
  ['divide: the sign of db', 'return [da, np.negative(', 'return [da, np.abs(', 'softmax'],
  ['divide: db without the second division', 'np.multiply(da, np.divide(a, b))', 'np.multiply(da, a)', 'layernorm'],
  ['maximum: the larger and the smaller one swapped', 'x > y ? 1 : x < y ? 0', 'x > y ? 0 : x < y ? 1', 'relu'],
  ['exp: a slope of 1', 'np.exp, (_, out) => out)', 'np.exp, (_, out) => np.add(1, np.multiply(0, out)))', 'elu'],
  ['log: x in place of 1/x', 'np.log, (x) => np.divide(1, x))', 'np.log, (x) => x)', 'crossentropy'],
  ['sqrt: the half forgotten', 'np.divide(0.5, out)', 'np.divide(1, out)', 'batchnorm1d'],
  ['tanh: the square forgotten', 'np.subtract(1, np.square(out))', 'np.subtract(1, out)', 'tanh'],
  [
    'matmul: db with the square of a',
    'np.matmul(np.transpose(a.value), dout), // (D, M)',
    'np.transpose(np.matmul(np.transpose(dout), np.square(a.value))),',
    'linear',
  ],
  [
    'sum: half of the gradient',
    'np.copy(np.broadcastTo(np.reshape(dout, kept.shape), shape))',
    'np.divide(np.broadcastTo(np.reshape(dout, kept.shape), shape), 2)',
    'softmax',
  ],
  [
    'unbroadcast: the mean instead of the sum',
    'np.sum(dout, { axis: repeated, keepDims: true })',
    'np.mean(dout, { axis: repeated, keepDims: true })',
    'layernorm',
  ],
  [
    'max: to every element',
    'np.multiply(np.reshape(dout, largest.shape), share)',
    'np.copy(np.broadcastTo(np.reshape(dout, largest.shape), x.value.shape))',
    'maxpool2d',
  ],
  ['concatenate: always the first slice', 'const start = end;\n', 'const start = 0;\n      end = 0;\n', 'concat'],
  ['transpose: there instead of back', 'np.transpose(dout, back)', 'np.reshape(dout, x.value.shape)', 'conv2d'],
  [
    'unfold: half of the fold',
    'np.fold(dout, [H, W], kernelSize, options)',
    'np.multiply(np.fold(dout, [H, W], kernelSize, options), 0.5)',
    'conv2d',
  ],
  ['gradients: the last use of a variable counts', 'before ? np.add(before, dinput) : dinput', 'dinput', 'residual'],
] as const;

describe('a wrong rule of the tape is found by the other two', function () {
  this.timeout(60_000);
  const newFolder = temporaryFolders();
  const right = readFileSync(join(root, 'src/autodiff/tape.ts'), 'utf8');

  /** The checks and the witness with a changed text of tape.ts. */
  async function withTape(
    text: string,
  ): Promise<{ CHECK_CASES: CheckCase[]; tapeWitness: typeof tapeWitness; Random: typeof Random }> {
    const { outputFiles } = await build({
      stdin: {
        contents: `export { CHECK_CASES } from './src/gradcheck/cases.ts'; export { Random } from './src/index.ts'; export { tapeWitness } from './src/autodiff.ts';`,
        resolveDir: root,
        loader: 'ts',
      },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
      plugins: [
        {
          name: 'a wrong rule',
          setup: ({ onLoad }) => onLoad({ filter: /autodiff[\\/]tape\.ts$/ }, () => ({ contents: text, loader: 'ts' })),
        },
      ],
    });
    const file = join(newFolder(), 'wrong.mjs');
    writeFileSync(file, outputFiles[0].text);
    return import(pathToFileURL(file).href);
  }

  it('and the right rules are not', async () => {
    const found = await withTape(right);
    for (const { name, check } of found.CHECK_CASES)
      expect(check(new found.Random(name), found.tapeWitness()).passed, name).to.equal(true);
  });

  for (const [what, from, to, name] of WRONG_RULES) {
    it(what, async () => {
      expect(right.split(from), `tape.ts has this text once: ${from}`).to.have.length(2);
      const found = await withTape(right.replace(from, () => to));
      const check = found.CHECK_CASES.find((each) => each.name === name)?.check;
      expect(check).not.to.equal(undefined);
      const reports = Array.from({ length: 4 }, (_, i) => check?.(new found.Random(i), found.tapeWitness()));
      const failed = reports.flatMap((report) => report?.rows ?? []).filter(({ passed }) => !passed);
      expect(failed.length).to.be.at.least(1);
      for (const { outlier } of failed) expect(outlier).to.equal('tape');
    });
  }
});
