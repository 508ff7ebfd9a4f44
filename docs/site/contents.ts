/** A page that is made from a file. */
export interface Entry {
  /** The path from the root of the project. */
  file: string;
  /** The title in lists. Default: the heading of the page. */
  title?: string;
}

/** Entries under one heading. */
export interface Group {
  title: string;
  entries: readonly Entry[];
}

/** Files of a folder of `src`, by name. A title can follow after a colon. */
const source = (folder: string, ...names: string[]): Entry[] =>
  names.map((entry) => {
    const [, name, title] = /^([^:]+)(?:: (.*))?$/.exec(entry) ?? [];
    return { file: `src/${folder}/${name}.ts`, title };
  });

/** The guide, in reading order. */
export const GUIDE: readonly Entry[] = [
  'arrays',
  'chain-rule',
  'gradient-checks',
  'linear',
  'elu',
  'softmax',
  'backpropagation',
  'layer-norm',
  'batch-norm',
  'convolution',
  'optimizers',
  'training',
  'autodiff',
  'speed',
].map((name) => ({ file: `docs/guide/${name}.md` }));

/** The pages that compute while they are read. */
export const LIVE_PAGES: readonly Entry[] = ['training', 'workbench'].map((name) => ({ file: `docs/live/${name}.md` }));

/** The annotated source, in reading order. A file that a page links to has a page too, without being listed here. */
export const SOURCE: readonly Group[] = [
  { title: 'What a layer is', entries: source('layers', 'layer', 'parameter', 'module') },
  { title: 'Layers', entries: source('layers', 'linear', 'elu', 'relu', 'tanh', 'gelu', 'softmax', 'dropout') },
  { title: 'Normalization', entries: source('layers', 'layer-norm', 'batch-norm', 'group-norm', 'instance-norm') },
  {
    title: 'Images',
    entries: source(
      'layers',
      'conv2d',
      'max-pool2d',
      'avg-pool2d',
      'global-avg-pool2d',
      'batch-norm2d',
      'flatten',
      'concat',
    ),
  },
  {
    title: 'Losses',
    entries: source(
      'losses',
      'loss',
      'cross-entropy',
      'softmax-cross-entropy',
      'mse-loss: MSELoss',
      'label-smoothing: smoothLabels',
      'loss-checks: Argument checks of losses',
    ),
  },
  {
    title: 'Nets',
    entries: [
      ...source('layers', 'sequential', 'residual', 'init'),
      ...source('models', 'mlp', 'convnet', 'vgg', 'densenet'),
    ],
  },
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
      { file: 'test/optim/pytorch.test.ts', title: 'Twenty steps compared with PyTorch' },
    ],
  },
  {
    title: 'Gradient checks',
    entries: [
      ...source(
        'gradcheck',
        'numerical: numericalGradient',
        'check-layer: checkLayer and checkLoss',
        'analytic: Analytic gradients',
        'gradient-report: The report',
        'cases: The checked layers',
      ),
      { file: 'test/gradcheck/mutants.ts', title: 'Wrong backwards' },
    ],
  },
  {
    title: 'Automatic differentiation',
    entries: source(
      'autodiff',
      'tape: The tape',
      'forwards: Every layer on the tape',
      'tape-witness: The third witness',
    ),
  },
  { title: 'Training', entries: source('training', 'trainer', 'sampler: EpochSampler', 'evaluate') },
  {
    title: 'Below the layers',
    entries: [
      ...source(
        'array',
        'index: Arrays: contents',
        'broadcast: Broadcasting',
        'elementwise: Element-wise functions',
        'reduce: Reductions',
        'matmul',
        'convolution: Convolution',
        'unfold',
        'windows: Windows',
        'pooling: Pooling',
        'update: The updates of the optimizers',
        'random',
      ),
      ...source(
        'kernels',
        'backend: Choosing an engine',
        'assembly/gemm: The fast matrix product',
        'assembly/pack: Packing',
        'assembly/vector-loops: Element-wise functions with SIMD',
        'assembly/exponential: The exponential',
      ),
    ],
  },
];

/**
 * Results, and how to work with the library. All other Markdown files in docs/ follow after these, in alphabetical
 * order.
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
  '9-convolution-by-hand',
].map((name) => ({ file: `notebooks/${name}.ipynb` }));
