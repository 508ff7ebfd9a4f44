/** A page that is made from a file. */
export interface Entry {
  /** From the root of the project. */
  file: string;
  /** What it is called in lists; the page's own heading without. */
  title?: string;
}

/** Entries under one heading. */
export interface Group {
  title: string;
  entries: readonly Entry[];
}

/** Files of a folder of `src`, by their names; behind a colon the title, where the file's own name would not do. */
const source = (folder: string, ...names: string[]): Entry[] =>
  names.map((entry) => {
    const [, name, title] = /^([^:]+)(?:: (.*))?$/.exec(entry) ?? [];
    return { file: `src/${folder}/${name}.ts`, title };
  });

/** The guide, in reading order. */
export const GUIDE: readonly Entry[] = [
  'arrays',
  'chain-rule',
  'linear',
  'elu',
  'softmax',
  'layer-norm',
  'batch-norm',
  'optimizers',
  'training',
  'gradient-checks',
  'speed',
].map((name) => ({ file: `docs/guide/${name}.md` }));

/** The annotated source, in reading order. A file that a page links to has a page too, without being listed here. */
export const SOURCE: readonly Group[] = [
  { title: 'What a layer is', entries: source('layers', 'layer', 'parameter', 'module') },
  { title: 'Layers', entries: source('layers', 'linear', 'elu', 'relu', 'tanh', 'gelu', 'softmax', 'dropout') },
  { title: 'Normalization', entries: source('layers', 'layer-norm', 'batch-norm', 'group-norm', 'instance-norm') },
  {
    title: 'Losses',
    entries: source(
      'losses',
      'loss',
      'cross-entropy',
      'softmax-cross-entropy',
      'label-smoothing: smoothLabels',
      'loss-checks: What a loss refuses',
    ),
  },
  { title: 'Nets', entries: [...source('layers', 'sequential', 'residual', 'init'), ...source('models', 'mlp')] },
  {
    title: 'Optimizers',
    entries: [
      ...source(
        'optim',
        'optimizer',
        'sgd',
        'adam',
        'adamw',
        'schedules: Schedules',
        'clip-grad-norm',
        'weight-average',
      ),
      { file: 'test/optim/pytorch.test.ts', title: 'Twenty steps beside PyTorch' },
    ],
  },
  {
    title: 'Gradient checks',
    entries: [
      ...source(
        'gradcheck',
        'numerical: numericalGradient',
        'check-layer: checkLayer and checkLoss',
        'analytic: What backward gave',
        'gradient-report: The report',
        'cases: What is checked',
      ),
      { file: 'test/gradcheck/mutants.ts', title: 'Wrong backwards' },
    ],
  },
  { title: 'Training', entries: source('training', 'trainer', 'sampler: EpochSampler', 'evaluate') },
  {
    title: 'Beneath the layers',
    entries: [
      ...source(
        'array',
        'index: Arrays: what there is',
        'broadcast: Broadcasting',
        'elementwise: Element by element',
        'reduce: Sums, means, maxima',
        'matmul',
        'update: The updates of the optimizers',
        'random',
      ),
      ...source(
        'kernels',
        'backend: Choosing an engine',
        'assembly/gemm: The fast product',
        'assembly/pack: Packing',
        'assembly/vector-loops: Vectors',
        'assembly/exponential: The exponential',
      ),
    ],
  },
];

/**
 * What was measured, and how to work with the library. Every other Markdown file in docs/ and its folders is taken in as well,
 * after these, in the order of the names.
 */
export const DOCUMENTS: readonly Entry[] = ['results', 'performance', 'training'].map((name) => ({
  file: `docs/${name}.md`,
}));

/** The notebooks, in reading order. */
export const NOTEBOOKS: readonly Entry[] = [
  '1-arrays-and-broadcasting',
  '2-linear-layer-by-hand',
  '3-activations-and-vanishing-gradients',
  '4-softmax-and-cross-entropy',
  '5-gradient-checking',
  '6-layer-norm-and-batch-norm',
  '7-train-on-cifar10',
  '8-gradient-accumulation',
].map((name) => ({ file: `notebooks/${name}.ipynb` }));
