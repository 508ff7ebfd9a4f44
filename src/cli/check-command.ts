import { type Command, Option } from 'commander';
import { InputError, Random, shapeText } from '../array/index.js';
import { tapeWitness } from '../autodiff/tape-witness.js';
import { CHECK_CASES, type CheckCase } from '../gradcheck/cases.js';
import type { GradientReport } from '../gradcheck/gradient-report.js';
import { yieldToEventLoop } from '../training/yield-to-event-loop.js';
import { Console } from './console.js';
import { count, whole } from './flag-values.js';
import { textTable } from './layout.js';

interface CheckFlags {
  shapes: number;
  seed: number;
  json: boolean;
  witness?: 'autodiff';
}

/** Adds `handgrad check` to the program. */
export function addCheck(program: Command): void {
  program
    .command('check')
    .summary('check every hand-written gradient against finite differences')
    .description(
      'Compares each backward with central differences of its forward (float64, step 1e-5 · max(1, |x|)), for every element of the ' +
        'input and of each parameter, with several random shapes and a random upstream gradient.\n\n' +
        'Prints one row per array: the index where the two differ most, both values there, their difference, and the ' +
        'largest difference that passes: 1e-7 + 1e-6 · max(|analytic|, |numeric|).\n\n' +
        'With --witness autodiff, automatic differentiation of the forward, written once more on a tape, is a third value. ' +
        'All three must agree, the hand-written one and the tape to 1e-12 + 1e-12 · max(|analytic|, |tape|).',
    )
    .argument(
      '[layer...]',
      `the layers and losses to check: ${CHECK_CASES.map(({ name }) => name).join(', ')} (default: all)`,
    )
    .option('--shapes <n>', 'the number of random shapes per layer', count, 3)
    .option('--seed <n>', 'the seed of shapes and values', whole, 42)
    .addOption(
      new Option('--witness <name>', 'compare three ways, with automatic differentiation').choices(['autodiff']),
    )
    .option('--json', 'print one JSON document', false)
    .addHelpText('after', '\nThe exit code is 1 if an array fails.')
    .action(async (layers: string[], flags: CheckFlags) => {
      process.exitCode = await runCheck(chosen(layers), flags);
    });
}

/** Runs the cases and prints the table; returns the exit code. */
export async function runCheck(
  cases: readonly CheckCase[],
  { shapes, seed, json, witness }: CheckFlags,
): Promise<0 | 1> {
  const out = new Console(json);
  const third = witness && tapeWitness();
  const reports: GradientReport[] = [];
  for (const { name, check } of cases) {
    for (let i = 0; i < shapes; i++) {
      reports.push(check(new Random(`${seed} ${name} ${i}`), third));
      await yieldToEventLoop(); // Ctrl-C
    }
  }
  const failed = reports.filter((report) => !report.passed);
  if (!json) for (const line of third ? linesOfThree(reports, out.width) : linesOf(reports, out.width)) out.say(line);
  const rows = reports.flatMap((report) => report.rows);
  out.note('');
  for (const report of failed) out.note(`${report}\n`);
  for (const warning of reports.flatMap((report) => report.warnings)) out.note(`warning: ${warning}`);
  const failedRows = rows.filter((row) => !row.passed).length;
  out.note(
    `${rows.length - failedRows} of ${rows.length} gradients pass${third ? ', each compared three ways' : ''}${failed.length > 0 ? ': FAILED' : ''}`,
  );
  out.result({ passed: failed.length === 0, seed, shapes, witness, reports });
  return failed.length === 0 ? 0 : 1;
}

/** Without room for all columns, the shape goes first, then the allowed difference, both values and the place. */
function linesOf(reports: readonly GradientReport[], width: number): string[] {
  const header = ['layer', 'array', 'shape', 'worst at', 'analytic', 'numeric', 'difference', 'allowed', ''];
  const rows = reports.flatMap(({ rows }) =>
    rows.map((row) => [
      row.layer,
      `d${row.array}`,
      shapeText(row.shape),
      `[${row.index.join(', ')}]`,
      row.analytic.toPrecision(9),
      row.numeric.toPrecision(9),
      row.error.toExponential(1),
      row.allowed.toExponential(1),
      row.passed ? 'pass' : 'FAIL',
    ]),
  );
  return textTable([header, ...rows], { width, optional: [2, 7, 5, 4, 3] });
}

/** The same with the value of the witness in the middle. Both differences stay longer than the three values. */
function linesOfThree(reports: readonly GradientReport[], width: number): string[] {
  const header = ['layer', 'array', 'shape', 'worst at', 'analytic', 'tape', 'numeric', 'a − tape', 'a − numeric', ''];
  const rows = reports.flatMap(({ rows }) =>
    rows.map((row) => [
      row.layer,
      `d${row.array}`,
      shapeText(row.shape),
      `[${row.index.join(', ')}]`,
      row.analytic.toPrecision(9),
      row.witness?.value.toPrecision(9) ?? '',
      row.numeric.toPrecision(9),
      row.witness?.error.toExponential(1) ?? '',
      row.error.toExponential(1),
      row.passed ? 'pass' : `FAIL${row.outlier ? `: ${row.outlier}` : ''}`,
    ]),
  );
  return textTable([header, ...rows], { width, optional: [2, 3, 6, 5, 4, 8] });
}

function chosen(names: readonly string[]): readonly CheckCase[] {
  const wanted = names.map(plain);
  const unknown = names.find((_, i) => !CHECK_CASES.some(({ name }) => plain(name) === wanted[i]));
  if (unknown !== undefined) {
    throw new InputError(
      `check: no layer '${unknown}'; the layers are ${CHECK_CASES.map(({ name }) => name).join(', ')}`,
    );
  }
  return names.length === 0 ? CHECK_CASES : CHECK_CASES.filter(({ name }) => wanted.includes(plain(name)));
}

/** A name in lower case, without hyphens: people write `BatchNorm1d` and `batch-norm1d`. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
