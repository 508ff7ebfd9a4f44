import { expect } from 'chai';
import { Adam, AdamW, array, assign, Parameter, SGD, toNested } from '../../../src/index.js';
import { makeOptimizer, OPTIMIZERS } from '../../../src/node/runs/optimizer-kinds.js';
import { runConfig } from '../../../src/node/runs/read-config.js';
import type { PartialRunConfig } from '../../../src/node/runs/run-config.js';
import { isSchedule, scheduleOf } from '../../../src/node/runs/schedule-setting.js';

/** A weight after three steps of an optimizer. */
function after(make: (parameters: Parameter[]) => { step(): void }): unknown {
  const parameter = new Parameter('weight', array([1, -2], 'float64'));
  assign(parameter.grad, array([0.5, 3], 'float64'));
  const optimizer = make([parameter]);
  for (let step = 0; step < 3; step++) optimizer.step();
  return toNested(parameter.value);
}

describe('the optimizer of a run', () => {
  it('has the settings of the run', () => {
    const made = (given: PartialRunConfig) =>
      after((p) => makeOptimizer(runConfig({ learningRate: 0.1, ...given }), p));
    const momentum = { momentum: 0.5, nesterov: true, weightDecay: 0.2 };
    expect(made(momentum)).to.deep.equal(after((p) => new SGD(p, { learningRate: 0.1, ...momentum })));
    const betas = { beta1: 0.5, beta2: 0.7, weightDecay: 0.2 };
    expect(made({ optimizer: 'adam', ...betas })).to.deep.equal(
      after((p) => new Adam(p, { learningRate: 0.1, ...betas })),
    );
    expect(made({ optimizer: 'adamw', ...betas })).to.deep.equal(
      after((p) => new AdamW(p, { learningRate: 0.1, ...betas })),
    );
  });

  it('has the defaults of its class', () => {
    for (const [name, make] of [
      ['sgd', (p: Parameter[]) => new SGD(p, { learningRate: 0.1 })],
      ['adam', (p: Parameter[]) => new Adam(p, { learningRate: 0.1 })],
      ['adamw', (p: Parameter[]) => new AdamW(p, { learningRate: 0.1 })],
    ] as const) {
      const { defaults, make: made } = OPTIMIZERS[name];
      expect(after((p) => made(p, { learningRate: 0.1, ...defaults }))).to.deep.equal(after(make));
    }
  });
});

describe('the schedule of a run', () => {
  it('is read from its text, and a cosine ends with the run', () => {
    const shares = (text: string, warmup = 0) =>
      [0, 4, 9].map((step) => Math.round(scheduleOf(text, warmup, 10)(step) * 1e6) / 1e6);
    expect(shares('constant')).to.deep.equal([1, 1, 1]);
    expect(shares('step:4:0.1')).to.deep.equal([1, 0.1, 0.01]);
    expect(shares('cosine')).to.deep.equal([1, 0.654508, 0.024472]);
    expect(shares('cosine:0.5', 4)).to.deep.equal([0.2, 1, 0.533494]);
    expect(scheduleOf('cosine:0.5', 4, 10)(10)).to.equal(0.5);
  });

  it('refuses an unknown text, and a warm-up as long as the run', () => {
    for (const text of [
      '',
      'sine',
      'constant:1',
      'step',
      'step:2',
      'step:0:0.1',
      'step:2:',
      'cosine:',
      'cosine:x',
      'cosine:0:1',
    ])
      expect(isSchedule(text), text).to.equal(false);
    expect(() => scheduleOf('sine', 0, 10)).to.throw(
      "expected constant, step:EVERY:FACTOR, cosine or cosine:LAST, got 'sine'",
    );
    expect(() => scheduleOf('constant', 10, 10)).to.throw('a warm-up of 10 steps leaves nothing of a run of 10 steps');
  });
});
