import { fileURLToPath } from 'node:url';

const core = '{array,layers,losses,optim,gradcheck,training}';

/** Mutation testing of the core: one small change at a time, which the core's own tests must notice. */
export default {
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/mocha-runner'))],
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import', 'tsx'],
  mochaOptions: { 'no-config': true, spec: [`test/${core}/**/*.test.ts`] },
  mutate: [`src/${core}/**/*.ts`],
  // The texts of errors are tested where they matter; a changed text is not a wrong number.
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  ignorePatterns: ['/docs', '/bench', '/notebooks', '/runs', '/examples', '/test/mutants/node_modules'],
  incremental: true,
  incrementalFile: 'runs/mutants/incremental.json',
  cleanTempDir: 'always',
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress', 'json', 'html'],
  jsonReporter: { fileName: 'runs/mutants/report.json' },
  htmlReporter: { fileName: 'runs/mutants/report.html' },
  clearTextReporter: { allowColor: false, logTests: false },
};
