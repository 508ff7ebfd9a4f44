import {
  Adam,
  AdamW,
  array,
  assign,
  CrossEntropy,
  clipGradNorm,
  type Nested,
  type Optimizer,
  type OptimizerOptions,
  Parameter,
  SGD,
  SoftmaxCrossEntropy,
} from '../../src/index.js';
import { lossFixtures } from '../../test/support/fixtures.js';
import { type Difference, difference } from './checks.js';
import { readText } from './site.js';

interface OptimFixtures {
  initial: Nested[];
  gradients: Nested[][];
  trajectories: { name: string; options: OptimizerOptions; clipNorm?: number; rates: number[]; values: Nested[][] }[];
}

const OPTIMIZERS: Readonly<Record<string, (parameters: Parameter[], options: OptimizerOptions) => Optimizer>> = {
  SGD: (parameters, options) => new SGD(parameters, options),
  Adam: (parameters, options) => new Adam(parameters, options),
  AdamW: (parameters, options) => new AdamW(parameters, options),
};

/** The differences of a loss from PyTorch's, in value and gradient. */
export function lossDifferences(plain: string): Difference[] {
  return lossFixtures
    .filter(({ name }) => name.split(' ')[0].replaceAll('-', '') === plain)
    .map(({ name, x, targets, loss: expected, dx }) => {
      const loss = plain === 'crossentropy' ? new CrossEntropy() : new SoftmaxCrossEntropy();
      const value = loss.forward(array(x, 'float64'), array(targets, 'float64'));
      const apart = Math.abs(value - expected) / Math.max(1, Math.abs(expected));
      return { name, error: Math.max(apart, difference(loss.backward(), array(dx, 'float64'))) };
    });
}

/** The differences of twenty steps of an optimizer from PyTorch's. */
export function optimizerDifferences(plain: string): Difference[] {
  const fixtures: OptimFixtures = JSON.parse(readText('test/fixtures/optim.json'));
  const own = fixtures.trajectories.filter(({ name, clipNorm }) =>
    plain === 'clipgradnorm' ? clipNorm !== undefined : name.toLowerCase() === plain && clipNorm === undefined,
  );
  return own.map(({ name, options, clipNorm, rates, values }) => {
    const parameters = fixtures.initial.map((value, i) => new Parameter(`p${i}`, array(value, 'float64')));
    const optimizer = OPTIMIZERS[name](parameters, options);
    const errors = fixtures.gradients.map((gradients, step) => {
      for (const [i, { grad }] of parameters.entries()) assign(grad, array(gradients[i], 'float64'));
      if (clipNorm !== undefined) clipGradNorm(parameters, clipNorm);
      optimizer.learningRate = rates[step];
      optimizer.step();
      return Math.max(...parameters.map(({ value }, i) => difference(value, array(values[step][i], 'float64'))));
    });
    const settings = Object.entries(options).map(([key, value]) => `${key} ${value}`);
    const clipped = clipNorm === undefined ? [] : [`clipped to ${clipNorm}`];
    return { name: `${name}, twenty steps: ${[...settings, ...clipped].join(', ')}`, error: Math.max(...errors) };
  });
}
