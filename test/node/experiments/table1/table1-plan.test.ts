import { expect } from 'chai';
import { modelNamed } from '../../../../src/models/model-table.js';
import { SETUPS, table1Jobs, table1JobsNamed } from '../../../../src/node/experiments/table1/table1-plan.js';
import { DEFAULTS, parseRunConfig, runConfig } from '../../../../src/node/runs/read-config.js';
import { flagsOf } from '../../../../src/node/runs/run-flags.js';

const wide = [1024, 512, 256, 64];

/** The published table: widths, learning rate, batch size, steps, norm, optimizer, activation, accuracy. */
const PUBLISHED = [
  [[100], 1e-3, 200, 1400, 'none', 'sgd', 'elu', 0.491],
  [[100], 1e-3, 200, 1400, 'none', 'sgd', 'elu', 0.464],
  [[100], 1e-2, 200, 10_000, 'batch', 'sgd', 'elu', 0.529],
  [[100, 100], 1e-2, 200, 10_000, 'batch', 'sgd', 'elu', 0.524],
  [[1024, 512], 1e-2, 200, 10_000, 'batch', 'sgd', 'elu', 0.539],
  [wide, 1e-2, 128, 10_000, 'batch', 'sgd', 'elu', 0.557],
  [wide, 1e-3, 128, 2000, 'batch', 'adam', 'elu', 0.56],
  [wide, 1e-3, 128, 2000, 'layer', 'adam', 'elu', 0.54],
  [wide, 1e-3, 128, 2000, 'batch', 'adam', 'relu', 0.552],
  [wide, 1e-3, 128, 5000, 'batch', 'adam', 'tanh', 0.501],
];

describe('the setups of Table 1', () => {
  it('are the ten that were published', () => {
    const ours = SETUPS.map(({ published, config: c }) => {
      const { hidden, norm, activation } = modelNamed('mlp', c);
      return [hidden, c.learningRate, c.batchSize, c.maxSteps, norm, c.optimizer, activation, published];
    });
    expect(ours).to.deep.equal(PUBLISHED);
    expect(SETUPS.map(({ id }) => id)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('begin with the course’s NumPy run, which is the default with its initialization by name', () => {
    expect(SETUPS[0].config).to.deep.equal({ ...DEFAULTS, model: { ...DEFAULTS.model, init: 'normal:1e-4' } });
    expect(flagsOf(SETUPS[0].config)).to.deep.equal(['--init', 'normal:1e-4']);
  });

  it('otherwise follow PyTorch: its initial weights, a loss on logits, norms before every linear layer', () => {
    for (const { config } of SETUPS.slice(1)) expect(config.model).to.include({ init: 'pytorch', logits: true });
    for (const { config } of SETUPS.slice(2)) expect(config.model).to.include({ normPosition: 'before-linear' });
  });

  it('are valid in a config.json, with only the settings of their optimizers', () => {
    for (const { config } of SETUPS) {
      expect(parseRunConfig(JSON.parse(JSON.stringify(config)), 'config.json')).to.deep.equal(config);
    }
    expect(SETUPS[6].config).to.include({ beta1: 0.9, beta2: 0.999 }).and.not.have.any.keys('momentum', 'nesterov');
  });

  it('give one run per setup and seed, in a folder with both in its name', () => {
    const runs = table1Jobs([SETUPS[6], SETUPS[2]], [42, 0]);
    expect(runs.map(({ name }) => name)).to.deep.equal([
      'setup6-seed42',
      'setup6-seed0',
      'setup2-seed42',
      'setup2-seed0',
    ]);
    expect(runs[1].config).to.deep.equal({ ...SETUPS[6].config, seed: 0 });
  });

  it('are recognized by the names of their folders', () => {
    const names = ['index.html', 'setup2-seed42', 'setup6-seed0', 'setup6-seed1.svg', 'setup12-seed0'];
    const plans = table1JobsNamed(names);
    expect(plans.map(({ name }) => name)).to.deep.equal(['setup2-seed42', 'setup6-seed0']);
    expect(plans[1].config).to.deep.equal({ ...SETUPS[6].config, seed: 0 });
  });

  it('become flags of handgrad train, without those that equal a default', () => {
    expect(flagsOf({ ...SETUPS[6].config, seed: 1 }).join(' ')).to.equal(
      '--hidden 1024,512,256,64 --norm batch --norm-position before-linear --logits --init pytorch ' +
        '--max-steps 2000 --batch-size 128 --seed 1 --optimizer adam',
    );
    expect(
      flagsOf(runConfig({ model: { name: 'mlp', hidden: [] }, nesterov: true, momentum: 0.9, clipNorm: 1 })).join(' '),
    ).to.equal('--hidden none --clip-norm 1 --momentum 0.9 --nesterov');
  });
});
