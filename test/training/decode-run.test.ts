import { expect } from 'chai';
import { array, encodeNpz, full, InputError } from '../../src/array/index.js';
import { encodeInputs } from '../../src/data/net-inputs.js';
import { decodeRun } from '../../src/training/decode-run.js';

describe('decodeRun', () => {
  const model = encodeNpz({ 'layers.0.weight': array([[-1], [1]]), 'layers.0.bias': array([0, 0]) });
  const inputs = encodeInputs({ mean: full([1, 1, 1], 100, 'float64'), factor: 0.1 });
  const config = {
    learningRate: 0.1,
    model: { name: 'mlp', hidden: [], activation: 'elu', norm: 'none', init: 'pytorch' },
    data: { title: 'pixels', sample: [1, 1, 1], classes: ['dark', 'bright'] },
  };

  it('makes a net of the files of a run, without a file system', () => {
    const net = decodeRun({ config, model, inputs });
    const [{ name, probability }] = net.predict(array([[[[110]]]]));
    expect(name).to.equal('bright');
    expect(probability).to.be.closeTo(1 / (1 + Math.exp(-2)), 1e-6);
  });

  const refused: [what: string, config: unknown, message: string][] = [
    ['no object', 3, "config.json has no valid 'data'; earlier versions did not write it"],
    ['no data', { model: config.model }, "config.json has no valid 'data'; earlier versions did not write it"],
    ['an unknown model', { ...config, model: { name: 'x' } }, `config.json has no valid 'model.name': "x"`],
    ['no model', { data: config.data }, `config.json has no valid 'model.name': missing`],
    [
      'a wrong setting',
      { ...config, model: { ...config.model, hidden: 'a' } },
      `config.json has no valid 'model.hidden': "a"`,
    ],
  ];
  for (const [what, damaged, message] of refused) {
    it(`refuses a config.json with ${what}`, () => {
      expect(() => decodeRun({ config: damaged, model, inputs })).to.throw(InputError, message);
    });
  }
});
