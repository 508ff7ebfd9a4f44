import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { expect } from 'chai';
import { build } from 'esbuild';
import { temporaryFolders } from './support/temporary.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

describe('the universal core', () => {
  it('is bundled without anything of Node, and learns where there is nothing of Node', async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { checkLayer, ELU, Linear, MLP, oneHot, Random, SGD } from './src/index.ts';
          const rng = new Random(1);
          const net = new MLP({ inputs: 3, hidden: [4], classes: 2, init: 'normal:1', rng });
          const loss = net.loss();
          const sgd = new SGD(net.parameters(), { learningRate: 0.5 });
          const x = rng.normal([6, 3]);
          const targets = oneHot([0, 1, 0, 1, 1, 0], 2);
          globalThis.losses = Array.from({ length: 20 }, () => {
            const value = loss.forward(net.forward(x), targets);
            sgd.zeroGrad();
            net.accumulateGradients(loss.backward());
            sgd.step();
            return value;
          });
          const layer = new Linear(3, 2, { init: 'normal:1', rng, dtype: 'float64' });
          globalThis.passed = checkLayer(layer, rng.normal([2, 3], { dtype: 'float64' })).passed;`,
        resolveDir: root,
        loader: 'ts',
      },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      write: false,
      logLevel: 'silent',
    });
    // A context of its own has the language and nothing else: no process, Buffer, require, console or timers.
    const bare = vm.createContext({});
    vm.runInContext(outputFiles[0].text, bare);
    const { losses, passed } = bare as { losses: number[]; passed: boolean };
    expect(losses.at(-1)).to.be.lessThan(losses[0] / 2);
    expect(passed).to.equal(true);
  });
});

describe('the rules of the house', () => {
  const newFolder = temporaryFolders();

  /** The names of the rules that a house with one bad import breaks. */
  async function broken(file: string, content: string): Promise<string[]> {
    const house = newFolder();
    for (const [path, text] of [
      ['package.json', readFileSync(join(root, 'package.json'), 'utf8')],
      ['tsconfig.json', readFileSync(join(root, 'tsconfig.json'), 'utf8')],
      ['src/array/index.ts', 'export const x = 1;\n'],
      ['src/layers/linear.ts', "import { x } from '../array/index.js';\nexport const y = x;\n"],
      ['src/kernels/backend.ts', 'export const z = 1;\n'],
      [file, content],
    ]) {
      mkdirSync(join(house, path, '..'), { recursive: true });
      writeFileSync(join(house, path), text);
    }
    const config = join(root, '.dependency-cruiser.cjs');
    const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const { stdout } = await run(process.execPath, [command, 'src', '--config', config, '--output-type', 'json'], {
      cwd: house,
    }).catch((error) => error);
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
    return summary.violations.map(({ rule }) => rule.name).filter((name) => name !== 'no-unused-files');
  }

  for (const [what, file, content, rule] of [
    [
      'an import upwards',
      'src/array/sum.ts',
      "import { y } from '../layers/linear.js';\nexport const s = y;\n",
      'array-imports-downwards',
    ],
    [
      'a type import upwards',
      'src/array/sum.ts',
      "import type { y } from '../layers/linear.js';\nexport type S = typeof y;\n",
      'array-imports-downwards',
    ],
    [
      'Node in the core',
      'src/layers/elu.ts',
      "import { sep } from 'node:path';\nexport const s = sep;\n",
      'core-without-node',
    ],
    [
      'an engine seen past array/',
      'src/layers/elu.ts',
      "import { z } from '../kernels/backend.js';\nexport const s = z;\n",
      'arrays-through-the-index',
    ],
    [
      'a cycle',
      'src/array/index.ts',
      "import { x as y } from './index.js';\nexport const x: number = y;\n",
      'no-cycles',
    ],
  ]) {
    it(`are broken by ${what}`, async () => {
      expect(await broken(file, content)).to.include(rule);
    }).timeout(30_000);
  }

  it('are kept by a right import', async () => {
    expect(
      await broken('src/layers/elu.ts', "import { x } from '../array/index.js';\nexport const s = x;\n"),
    ).to.deep.equal([]);
  }).timeout(30_000);
});
