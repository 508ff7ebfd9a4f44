import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { expect } from 'chai';
import { build } from 'esbuild';
import * as core from '../../src/index.js';

const index = fileURLToPath(new URL('../../lib/index.js', import.meta.url));

describe('a minified bundle', () => {
  let minified: typeof core;

  before(async () => {
    const { outputFiles } = await build({
      entryPoints: [index],
      ...{ bundle: true, minify: true, write: false },
      ...{ platform: 'browser', format: 'iife', globalName: 'handgrad' },
    });
    const page = vm.createContext({});
    vm.runInContext(outputFiles[0].text, page);
    minified = (page as { handgrad: typeof core }).handgrad;
  });

  it('keeps the names of layers, losses, optimizers and models', () => {
    const bases = [core.Module, core.Optimizer];
    const names = Object.entries(core).flatMap(([name, value]) => {
      if (typeof value !== 'function' || !value.prototype) return [];
      const isLoss = 'forward' in value.prototype && 'backward' in value.prototype;
      return isLoss || bases.some((base) => value.prototype instanceof base) ? [name] : [];
    });
    const concrete = names.filter((name) => name !== 'Module');
    expect(concrete).to.have.length.at.least(28);
    for (const name of concrete) {
      const { name: found } = minified[name as keyof typeof core] as { name: string };
      expect(found, name).to.equal(name);
    }
  });

  it('names them in reports and errors', () => {
    const x = new minified.Random(1).normal([3, 5], { dtype: 'float64' });
    expect(String(minified.checkLayer(new minified.Tanh(), x))).to.match(/^Tanh: dx of shape \(3, 5\) passes/);
    expect(() => new minified.ELU().backward(x)).to.throw('ELU.backward: call forward first');
    expect(() => new minified.AdamW([], { learningRate: -1 })).to.throw('AdamW: expected learningRate');
    const net = new minified.MLP({ inputs: 5, hidden: [4], classes: 3, logits: true });
    const batch = { x: new minified.Random(1).normal([3, 5]), targets: minified.oneHot([0, 1, 2], 3) };
    const names = minified.inspectLayers(net, net.loss(), batch).map(({ name }) => name);
    expect(names).to.deep.equal(['0 Linear 5 → 4', '1 ELU', '2 Linear 4 → 3']);
  });
});

describe('a runtime that forbids code from strings', () => {
  it('cannot load handgrad, as docs/library.md says: scijs generates code', () => {
    const script = `await import(${JSON.stringify(index)}); console.log('loaded')`;
    const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', script];
    const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' });
    expect(stderr).to.match(/EvalError: Code generation from strings disallowed/);
    expect([status, stdout]).to.deep.equal([1, '']);
  });
});
