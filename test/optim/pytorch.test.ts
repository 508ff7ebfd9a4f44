import { readFileSync } from 'node:fs';
import {
  Adam,
  AdamW,
  array,
  assign,
  type Nested,
  type Optimizer,
  type OptimizerOptions,
  Parameter,
  SGD,
} from '../../src/index.js';
import { expectClose } from '../support/arrays.js';
import { fixturePath } from '../support/fixtures.js';

/** Twenty steps of PyTorch's optimisers; see test/fixtures/make_optim_fixtures.py. */
interface OptimFixtures {
  initial: Nested[];
  /** Of each step, a gradient a parameter. */
  gradients: Nested[][];
  /** The values of each parameter after each step. */
  trajectories: { name: string; options: OptimizerOptions; values: Nested[][] }[];
}

const fixtures: OptimFixtures = JSON.parse(readFileSync(fixturePath('optim.json'), 'utf8'));

const optimizers: Record<string, (parameters: Parameter[], options: OptimizerOptions) => Optimizer> = {
  SGD: (parameters, options) => new SGD(parameters, options),
  Adam: (parameters, options) => new Adam(parameters, options),
  AdamW: (parameters, options) => new AdamW(parameters, options),
};

describe("twenty steps equal PyTorch's to 1e-9 in float64", () => {
  for (const { name, options, values } of fixtures.trajectories) {
    it(`${name} with ${JSON.stringify(options)}`, () => {
      const parameters = fixtures.initial.map((value, i) => new Parameter(`p${i}`, array(value, 'float64')));
      const optimizer = optimizers[name](parameters, options);
      for (const [step, gradients] of fixtures.gradients.entries()) {
        for (const [i, { grad }] of parameters.entries()) assign(grad, array(gradients[i], 'float64'));
        optimizer.step();
        for (const [i, { value }] of parameters.entries())
          expectClose(value, values[step][i], 1e-9, `p${i} after step ${step + 1}`);
      }
    });
  }
});
