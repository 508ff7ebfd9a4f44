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
} satisfies Record<string, CatalogueEntry>;
