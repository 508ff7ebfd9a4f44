import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  Adam,
  AdamW,
  array,
  assign,
  clipGradNorm,
  constantSchedule,
  cosineSchedule,
  ELU,
  Linear,
  type Nested,
  type Optimizer,
  type OptimizerOptions,
  oneHot,
  Parameter,
  type Schedule,
  Sequential,
  SGD,
  SoftmaxCrossEntropy,
  smoothLabels,
  stepSchedule,
  withWarmUp,
} from '../../src/index.js';
import { expectClose } from '../support/arrays.js';
import { fixturePath } from '../support/fixtures.js';

/** Twenty steps by PyTorch; see test/fixtures/make_optim_fixtures.py. */
interface OptimFixtures {
  initial: Nested[];
  /** Of each step, a gradient a parameter. */
  gradients: Nested[][];
  trajectories: Trajectory[];
  recipe: { initial: Nested[]; batches: { x: Nested; labels: number[] }[]; losses: number[]; final: Nested[] };
}

interface Trajectory {
  name: string;
  options: OptimizerOptions;
  schedule?: string;
  clipNorm?: number;
  /** The length of each step's gradient before clipping. */
  norms?: number[];
  /** The learning rate of each step. */
  rates: number[];
  /** The values of each parameter after each step. */
  values: Nested[][];
}

const fixtures: OptimFixtures = JSON.parse(readFileSync(fixturePath('optim.json'), 'utf8'));

const optimizers: Record<string, (parameters: Parameter[], options: OptimizerOptions) => Optimizer> = {
  SGD: (parameters, options) => new SGD(parameters, options),
  Adam: (parameters, options) => new Adam(parameters, options),
  AdamW: (parameters, options) => new AdamW(parameters, options),
};

const schedules: Record<string, Schedule> = {
  'step:6:0.3': stepSchedule(6, 0.3),
  cosine: cosineSchedule(20),
  'cosine:0.1': cosineSchedule(20, 0.1),
  'warm-up 4, cosine:0.2': withWarmUp(4, cosineSchedule(16, 0.2)),
  'warm-up 3, step:5:0.5': withWarmUp(3, stepSchedule(5, 0.5)),
  'warm-up 7, constant': withWarmUp(7, constantSchedule()),
};

describe("twenty steps equal PyTorch's to 1e-9 in float64", () => {
  for (const { name, options, schedule, clipNorm, norms, rates, values } of fixtures.trajectories) {
    const more = [schedule, clipNorm && `gradients clipped to ${clipNorm}`].filter(Boolean).join(', ');
    it(`${name} with ${JSON.stringify(options)}${more && `, ${more}`}`, () => {
      const parameters = fixtures.initial.map((value, i) => new Parameter(`p${i}`, array(value, 'float64')));
      const optimizer = optimizers[name](parameters, options);
      for (const [step, gradients] of fixtures.gradients.entries()) {
        for (const [i, { grad }] of parameters.entries()) assign(grad, array(gradients[i], 'float64'));
        if (clipNorm) expect(clipGradNorm(parameters, clipNorm)).to.be.closeTo(norms?.[step] ?? Number.NaN, 1e-12);
        if (schedule) optimizer.learningRate = options.learningRate * schedules[schedule](step);
        expect(optimizer.learningRate).to.be.closeTo(rates[step], 1e-15);
        optimizer.step();
        for (const [i, { value }] of parameters.entries())
          expectClose(value, values[step][i], 1e-9, `p${i} after step ${step + 1}`);
      }
    });
  }

  it('a net trained with label smoothing, clipping, AdamW, warm-up and cosine at once', () => {
    const { initial, batches, losses, final } = fixtures.recipe;
    const net = new Sequential(
      new Linear(5, 4, { dtype: 'float64' }),
      new ELU(),
      new Linear(4, 3, { dtype: 'float64' }),
    );
    for (const [i, { value }] of net.parameters().entries()) assign(value, array(initial[i], 'float64'));
    const options = { learningRate: 0.05, beta1: 0.8, beta2: 0.99, weightDecay: 0.3 };
    const optimizer = new AdamW(net.parameters(), options);
    const loss = new SoftmaxCrossEntropy();
    for (const [step, { x, labels }] of batches.entries()) {
      const targets = smoothLabels(oneHot(labels, 3, 'float64'), 0.2);
      expect(loss.forward(net.forward(array(x, 'float64')), targets)).to.be.closeTo(losses[step], 1e-10);
      optimizer.zeroGrad();
      net.backward(loss.backward());
      clipGradNorm(net.parameters(), 0.3);
      optimizer.learningRate = options.learningRate * schedules['warm-up 4, cosine:0.2'](step);
      optimizer.step();
    }
    for (const [i, { name, value }] of net.parameters().entries()) expectClose(value, final[i], 1e-9, name);
  });
});
