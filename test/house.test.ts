import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
    const { outputFiles, metafile } = await build({
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
      metafile: true,
      logLevel: 'silent',
    });
    // A context of its own has the language and nothing else: no process, Buffer, require, console or timers.
    const bare = vm.createContext({});
    vm.runInContext(outputFiles[0].text, bare);
    const { losses, passed } = bare as { losses: number[]; passed: boolean };
    expect(losses.at(-1)).to.be.lessThan(losses[0] / 2);
    expect(passed).to.equal(true);
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.some((path) => path.includes('src/layers/'))).to.equal(true);
    expect(inputs.filter((path) => path.includes('src/autodiff'))).to.deep.equal([]); // only who imports it carries it
  });
});

/** Imports that break a rule, each in a file of its own: what is wrong, the file, its text, the rule. */
const BROKEN = [
  [
    'an import of a higher floor',
    'src/array/value.ts',
    "import { y } from '../layers/linear.js';\nexport const s = y;\n",
    'array-imports-downwards',
  ],
  [
    'an import of a type of a higher floor',
    'src/array/type.ts',
    "import type { y } from '../layers/linear.js';\nexport type S = typeof y;\n",
    'array-imports-downwards',
  ],
  [
    'an import of Node in the core',
    'src/layers/node.ts',
    "import { sep } from 'node:path';\nexport const s = sep;\n",
    'core-without-node',
  ],
  [
    'an import of an engine above array/',
    'src/layers/engine.ts',
    "import { z } from '../kernels/backend.js';\nexport const s = z;\n",
    'arrays-through-the-index',
  ],
  ['a cycle', 'src/optim/cycle.ts', "import { x as y } from './cycle.js';\nexport const x: number = y;\n", 'no-cycles'],
] as const;

describe('the import rules', () => {
  const newFolder = temporaryFolders();
  const found = new Map<string, string[]>();

  before(async function () {
    this.timeout(60_000);
    const house = newFolder();
    for (const [path, text] of [
      ['package.json', readFileSync(join(root, 'package.json'), 'utf8')],
      ['tsconfig.json', readFileSync(join(root, 'tsconfig.json'), 'utf8')],
      ['src/array/index.ts', 'export const x = 1;\n'],
      ['src/layers/linear.ts', "import { x } from '../array/index.js';\nexport const y = x;\n"],
      ['src/kernels/backend.ts', 'export const z = 1;\n'],
      ...BROKEN.map(([, file, text]) => [file, text]),
    ]) {
      mkdirSync(join(house, path, '..'), { recursive: true });
      writeFileSync(join(house, path), text);
    }
    const config = join(root, '.dependency-cruiser.cjs');
    const command = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const { stdout } = await run(process.execPath, [command, 'src', '--config', config, '--output-type', 'json'], {
      cwd: house,
    }).catch((error) => error);
    const { summary } = JSON.parse(stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    for (const { from, rule } of summary.violations) {
      if (rule.name !== 'no-unused-files') found.set(from, [...(found.get(from) ?? []), rule.name]);
    }
  });

  for (const [what, file, , rule] of BROKEN) {
    it(`reject ${what}`, () => {
      expect(found.get(file)).to.include(rule);
    });
  }

  it('accept an import of a lower floor', () => {
    expect(found.has('src/layers/linear.ts')).to.equal(false);
  });
});

describe('names in src', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.startsWith('kernels/generated/'));

  /** The values that occur more than once. */
  function repeated(values: readonly string[]): string[] {
    return [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
  }

  it('no two files share a name, except index.ts', () => {
    expect(files.length).to.be.at.least(200);
    const names = files.map((path) => basename(path)).filter((name) => name !== 'index.ts');
    expect(repeated(names)).to.deep.equal([]);
  });

  it('no two files export a function, a class or a type of the same name, except where a platform chooses between them', () => {
    // What Node has and a browser does not comes from one of two files: copy.ts and no-copy.ts. The sources of the
    // WebAssembly modules are programs of their own. The tape has the functions of array/ under the same names.
    const own = files.filter(
      (path) => !/^(kernels|array)\/no-|^kernels\/assembly\/|^autodiff\/tape|^(index|node)\.ts$/.test(path),
    );
    const declaration = /^export (?:async )?(?:abstract )?(?:function\*?|class|interface|type|const) (\w+)/gm;
    const names = own.flatMap((path) => [
      ...new Set([...readFileSync(join(root, 'src', path), 'utf8').matchAll(declaration)].map(([, name]) => name)),
    ]);
    expect(names.length).to.be.at.least(500);
    expect(repeated(names)).to.deep.equal([]);
  });
});
