/**
 * The floors of the house, lowest first: a file imports only from its own floor and from floors below it. A floor is a
 * folder, or a single file, below `src/`.
 */
const FLOORS = [
  'kernels/',
  'array/',
  'layers/',
  'losses/',
  'optim/',
  'models/',
  'data/',
  'layer-specs.ts$',
  'gradcheck/',
  'autodiff/',
  'training/',
  'node/data/',
  'node/plots/',
  'node/runs/',
  'node/experiments/',
  'coursework/',
  'cli/',
];

/** The universal core: it runs in a browser as well as in Node. */
const CORE = FLOORS.slice(0, FLOORS.indexOf('training/') + 1);

/** What the `imports` of package.json give to Node alone; a browser gets a stand-in. */
const NODE_ONLY = '^src/kernels/(threads|worker|blas|blas-library|blas-kernel|copy|relaxed-simd)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...FLOORS.slice(0, -1).map((floor, i) => ({
      name: `${floor.replace(/\W+(ts\W)?$/, '')}-imports-downwards`,
      severity: 'error',
      from: { path: `^src/${floor}` },
      to: { path: `^src/(${FLOORS.slice(i + 1).join('|')})` },
    })),
    {
      name: 'core-without-node',
      comment: 'the universal core runs in a browser: nothing of Node, directly or through a package of our own choice',
      severity: 'error',
      from: { path: `^src/(${CORE.join('|')}|index\\.ts$)`, pathNot: NODE_ONLY },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-packages',
      comment: 'what the core may be built on; all of it runs in a browser',
      severity: 'error',
      from: { path: `^src/(${CORE.join('|')}|index\\.ts$)` },
      to: {
        dependencyTypes: ['npm'],
        pathNot: 'node_modules/(@types/)?(ndarray|ndarray-ops|ndarray-gemm|seedrandom|fflate|pickleparser)/',
      },
    },
    {
      name: 'arrays-through-the-index',
      comment: 'layers and all above see array/ through its index, and never the engines below it',
      severity: 'error',
      from: { path: `^src/(${FLOORS.slice(2).join('|')})` },
      to: { path: '^src/(array/(?!index)|kernels/)' },
    },
    {
      name: 'index-not-from-inside',
      comment: 'the public index re-exports the house; nothing in the house imports it',
      severity: 'error',
      from: { path: '^src/[a-z]+/' },
      to: { path: '^src/(index|node)\\.ts$' },
    },
    {
      name: 'no-unused-files',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(index|node|cli/main|kernels/no-[a-z-]+)\\.ts$|\\.d\\.ts$', orphan: true },
      to: {},
    },
    {
      name: 'declared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    exclude: { path: '^src/kernels/assembly/' }, // another language, and its build
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
