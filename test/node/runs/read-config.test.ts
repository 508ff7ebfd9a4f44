import { expect } from 'chai';
import { InputError, Random, toNested } from '../../../src/index.js';
import { mlpKind } from '../../../src/models/mlp-kind.js';
import type { ModelKind } from '../../../src/models/model.js';
import { MODELS } from '../../../src/models/model-table.js';
import { COUNT, type Setting, setting } from '../../../src/models/setting.js';
import { assertBatches } from '../../../src/node/runs/config-checks.js';
import { DEFAULTS, parseRunConfig, runConfig } from '../../../src/node/runs/read-config.js';
import { buildModel } from '../../../src/node/runs/run-config.js';
import { flagsOf, settingsFromFlags } from '../../../src/node/runs/run-flags.js';
import { RUN_SETTINGS } from '../../../src/node/runs/run-settings.js';

const parse = (json: unknown) => parseRunConfig(JSON.parse(JSON.stringify(json)), 'config.json');

describe('parseRunConfig', () => {
  it('reads what a run wrote', () => {
    expect(parse({ ...DEFAULTS, engine: 'reference' })).to.deep.equal(DEFAULTS);
    const model = {
      name: 'mlp',
      norm: 'batch',
      normPosition: 'before-linear',
      activation: 'tanh',
      dropout: 0.3,
    } as const;
    const other = runConfig({ model: { ...model, init: 'kaiming' }, optimizer: 'adam', beta1: 0.5, clipNorm: 2 });
    expect(parse(other)).to.deep.equal(other);
  });

  it('names the entry that is missing or not valid', () => {
    const model = (changes: object) => ({ ...DEFAULTS, model: { ...DEFAULTS.model, ...changes } });
    for (const [json, entry] of [
      [model({ dropout: 1 }), "'model.dropout': 1"],
      [model({ normPosition: 'after' }), '\'model.normPosition\': "after"'],
      [model({ hidden: [0] }), "'model.hidden': [0]"],
      [model({ init: 'magic' }), '\'model.init\': "magic"'],
      [model({ name: 'perceptron' }), '\'model.name\': "perceptron"'],
      [{ ...DEFAULTS, model: 'mlp' }, "'model.name': missing"],
      [{ ...DEFAULTS, optimizer: 'adam', beta1: 1 }, "'beta1': 1"],
      [{ ...DEFAULTS, schedule: 'sine' }, '\'schedule\': "sine"'],
      [{}, "'dataset': missing"],
      [null, "'dataset': missing"],
    ] as const)
      expect(() => parse(json), entry).to.throw(InputError, `config.json has no valid ${entry}`);
  });

  it('reads the flat file of a version before there were models, and implies what it does not say', () => {
    const { dataset, learningRate, maxSteps, batchSize, evalEvery, seed } = DEFAULTS;
    const { hidden, activation, norm, init } = DEFAULTS.model;
    const old = { dataset, hidden, learningRate, maxSteps, batchSize, evalEvery, activation, norm, init, seed };
    expect(parse({ ...old, optimizer: 'sgd' })).to.deep.equal(DEFAULTS);
    expect(parse(old)).to.deep.equal(DEFAULTS);
    expect(parse({ ...old, norm: 'batch', dropout: 0.2 }).model).to.include({ norm: 'batch', dropout: 0.2 });
  });

  it('makes the checks of train, and names the file', () => {
    for (const [changes, sentence] of [
      [{ warmup: 1400 }, '--warmup 1400 --max-steps 1400: a warm-up of 1400 steps leaves nothing'],
      [{ augment: 'shift:400' }, '--augment shift:400: shift:400 would leave nothing of an image of 32 pixels'],
      [{ nesterov: true }, '--nesterov needs a --momentum above 0'],
      [{ model: { ...DEFAULTS.model, hidden: [1e9] } }, '--hidden 1000000000 makes a net of'],
      [{ model: { ...DEFAULTS.model, norm: 'batch' }, batchSize: 1 }, '--norm batch needs two images or more in every'],
      [{ batchSize: 1e9 }, '--batch-size 1000000000 is more than the 50,000 training images'],
      [{ validation: 50_000 }, '--validation 50000 leaves nothing of the 50000 training images'],
    ] as const)
      expect(() => parse({ ...DEFAULTS, ...changes })).to.throw(InputError, `config.json: ${sentence}`);
  });
});

describe('runConfig', () => {
  it('refuses unknown settings', () => {
    const typo = { learning_rate: 1 };
    expect(() => runConfig(typo as object)).to.throw("the configuration has an unknown setting 'learning_rate'");
    const model = { name: 'mlp', widths: [3] } as const;
    expect(() => runConfig({ model })).to.throw("the configuration has an unknown setting 'model.widths'");
  });

  it('refuses settings of another optimizer', () => {
    expect(() => runConfig({ optimizer: 'adam', momentum: 0.9 })).to.throw(
      '--momentum is not for --optimizer adam, which has --beta1, --beta2, --weight-decay',
    );
  });
});

describe('assertBatches', () => {
  const images = (count: number) => ({ count, sample: [3, 4, 4] });

  it('refuses batches larger than the data, and with batch norm a batch of one image', () => {
    expect(() => assertBatches(runConfig({ batchSize: 10, accumulate: 2 }), images(19))).to.throw(
      '--batch-size 10 times --accumulate 2 is more than the 19 training images; choose fewer, such as 4',
    );
    const norm = runConfig({ batchSize: 10, model: { name: 'mlp', norm: 'batch' } });
    expect(() => assertBatches(norm, images(21))).to.throw(
      'got --batch-size 10, which leaves a last batch of one of the 21 training images',
    );
    expect(() => assertBatches(norm, images(20))).not.to.throw();
  });
});

describe('flags', () => {
  it('give the configuration that they come from', () => {
    const net = { name: 'mlp', hidden: [], norm: 'layer', residual: true } as const;
    const config = runConfig({
      model: { ...net, hidden: [...net.hidden] },
      optimizer: 'adamw',
      augment: 'flip',
      seed: 0,
    });
    expect(runConfig(settingsFromFlags(flagsOf(config)))).to.deep.equal(config);
    expect(flagsOf(config).slice(0, 2)).to.deep.equal(['--hidden', 'none']);
    expect(flagsOf(DEFAULTS)).to.deep.equal([]);
  });
});

describe('a new model', () => {
  const models: Record<string, ModelKind> = MODELS;
  const thin: ModelKind = {
    ...mlpKind,
    summary: 'one hidden layer',
    settings: { width: setting(COUNT, { default: 3, help: 'units of the hidden layer' }) },
    build: (settings, size, rng) => {
      const { name, ...defaults } = DEFAULTS.model;
      return mlpKind.build({ ...defaults, hidden: [Object(settings).width] }, size, rng);
    },
    parameterCount: () => 1,
  };

  before(() => {
    models.thin = thin;
  });
  after(() => {
    delete models.thin;
  });

  it('is one entry in the table of models: flags, defaults, checks and the net follow', () => {
    const config = runConfig(settingsFromFlags(['--model', 'thin', '--width', '7']));
    expect(config.model).to.deep.equal({ name: 'thin', width: 7 });
    expect(flagsOf(config)).to.deep.equal(['--model', 'thin', '--width', '7']);
    expect(parse(config)).to.deep.equal(config);
    expect(() => parse({ ...config, model: { name: 'thin', width: 0 } })).to.throw("no valid 'model.width': 0");
    const net = buildModel(config, { sample: [5], classes: 2 });
    expect(net.stateDict()['layers.0.weight'].shape).to.deep.equal([7, 5]);
  });
});

describe('a new setting', () => {
  const settings: Record<string, Setting<unknown>> = RUN_SETTINGS;

  before(() => {
    settings.patience = setting(COUNT, { default: 5, implied: 9, help: 'evaluations without progress' });
  });
  after(() => {
    delete settings.patience;
  });

  it('is one row in the table of settings: flag, default, checks and the value of older files follow', () => {
    expect(runConfig(settingsFromFlags(['--patience', '2']))).to.include({ patience: 2 });
    expect(runConfig()).to.include({ patience: 5 });
    expect(parse(DEFAULTS)).to.include({ patience: 9 });
    expect(() => settingsFromFlags(['--patience', 'x'])).to.throw('Expected a whole number from 1 up.');
    expect(() => parse({ ...DEFAULTS, patience: 0 })).to.throw("no valid 'patience': 0");
  });
});

describe('buildModel', () => {
  it('draws the same weights for the same seed', () => {
    const weight = (seed: number) =>
      toNested(buildModel(runConfig({ seed }), { sample: [4], classes: 2 }).stateDict()['layers.0.weight']);
    expect(weight(1)).to.deep.equal(weight(1));
    expect(weight(1)).not.to.deep.equal(weight(2));
    expect(new Random('1: weights').next()).not.equals(new Random('2: weights').next());
  });
});
