/** What `handgrad experiment` says of an experiment before anyone runs it. */
export interface CatalogueEntry {
  name: string;
  summary: string;
  /** How long it takes in full, and on what. */
  expected: string;
}

/** The experiments there are. */
export const CATALOGUE = {
  table1: {
    name: 'table1',
    summary: "the ten multi-layer perceptrons of the course's report, published beside reproduced accuracies",
    expected: 'about 1 h 45 min with blas, 2 h 45 min with wasm (3 seeds, two cores); --quick 1 min',
  },
  'best-mlp': {
    name: 'best-mlp',
    summary:
      'the best multi-layer perceptron that two cores train in an hour; --validation to choose on held-out images',
    expected: 'about 55 min with blas on two cores (1 h 30 min with wasm); --quick 1 min',
  },
  norms: {
    name: 'norms',
    summary: 'batch, layer and group norm at seven sizes of batches and five learning rates',
    expected: 'about 1 h with blas (3 seeds, two cores); --quick 1 min',
  },
  'mnist-batchnorm': {
    name: 'mnist-batchnorm',
    summary:
      "a course's batch norm on MNIST: its printed losses beside those of fresh nets, and the size of the batches",
    expected: 'about 6 min with blas (3 seeds, two cores); --quick 1 min',
  },
  'bn-optimization': {
    name: 'bn-optimization',
    summary:
      'how batch norm helps optimisation: covariate shift, loss landscape, predictiveness and smoothness, measured',
    expected: 'about 45 min with blas (2 seeds, two cores); --quick 1 min',
  },
  accumulation: {
    name: 'accumulation',
    summary: 'one large batch against its parts: gradients, memory, time, and the trap of dividing wrongly',
    expected: 'about 2 min with blas on two cores; --quick 20 s',
  },
  vanishing: {
    name: 'vanishing',
    summary: 'the gradient of every layer over training with ELU, ReLU and tanh, as heat maps; setup 9 of Table 1',
    expected: 'about 10 min with blas on two cores; --quick 30 s',
  },
} satisfies Record<string, CatalogueEntry>;
