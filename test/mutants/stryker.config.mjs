import { fileURLToPath } from 'node:url';

const CORE = ['array', 'layers', 'losses', 'optim', 'gradcheck', 'training'];

/** The folders that `--mutate` names, by default all: their own tests must notice, and only these run. */
const named = CORE.filter((folder) => process.argv.some((arg) => arg.includes(`src/${folder}/`)));
const folders = named.length > 0 ? named : CORE;

/** Mutation testing of the core: one small change at a time, which the core's own tests must notice. */
export default {
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/mocha-runner'))],
  testRunner: 'mocha',
  testRunnerNodeArgs: ['--import', 'tsx'],
  mochaOptions: { 'no-config': true, spec: folders.map((folder) => `test/${folder}/**/*.test.ts`) },
  mutate: CORE.map((folder) => `src/${folder}/**/*.ts`),
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
