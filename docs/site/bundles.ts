import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { SCRIPTS } from './live/live.js';
import { ROOT, writeOut } from './site.js';

/** Scripts take the library from the page, where core.js has put it. */
const coreOfThePage: Plugin = {
  name: 'core-of-the-page',
  setup({ onResolve, onLoad }) {
    // Also for what the bundled parts of coursework/ import from the core.
    onResolve(
      { filter: /^handgrad(\/validation)?$|\/lib\/array\/|^\.\.\/\.\.\/(array|layers|losses|optim|gradcheck)\// },
      () => ({
        path: 'handgrad',
        namespace: 'core',
      }),
    );
    onLoad({ filter: /.*/, namespace: 'core' }, () => ({
      contents: 'module.exports = globalThis.handgrad ??= globalThis.handgradCore();',
    }));
  },
};

/** What a page has of the library: the public core, and the functions that its own layers are written with. */
const wholeCore: Plugin = {
  name: 'whole-core',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^core$/ }, () => ({ path: 'core', namespace: 'whole' }));
    onLoad({ filter: /.*/, namespace: 'whole' }, () => ({
      contents: ['index', 'validation', 'array/index'].map((name) => `export * from './lib/${name}.js';`).join('\n'),
      resolveDir: ROOT,
    }));
  },
};

/**
 * Bundles the library's core and the scripts of the interactive figures into assets/. The core is the body of a
 * function, so that a page can hand its text to a worker: a page in a file system cannot load a worker from a file.
 */
export async function writeBundles(): Promise<void> {
  const core = await bundled('core', { globalName: 'handgrad', plugins: [wholeCore] });
  writeOut('assets/core.js', `globalThis.handgradCore=function(){${core}return handgrad};\n`);
  for (const [name, { file, worker }] of Object.entries(SCRIPTS)) {
    const text = await bundled(join(ROOT, 'docs/site/live', file), { plugins: [coreOfThePage] });
    writeOut(`assets/${name}`, worker ? `globalThis.${worker}=function(){${text}};\n` : text);
  }
}

async function bundled(entry: string, options: { globalName?: string; plugins?: Plugin[] }): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    ...{ bundle: true, minify: true, keepNames: true, write: false, legalComments: 'none' },
    ...{ platform: 'browser', format: 'iife', target: 'es2022' },
    ...options,
  });
  return outputFiles[0].text;
}
