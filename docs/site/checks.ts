import { basename } from 'node:path';
import { CHECK_CASES } from '../../src/gradcheck/cases.js';
import { indices } from '../../src/gradcheck/numerical.js';
import { array, type GradientReport, type NdArray, Random } from '../../src/index.js';
import { shapeText } from '../../src/validation.js';
import { layerNameOf, layerOf } from '../../test/support/fixed-layers.js';
import { layerFixtures } from '../../test/support/fixtures.js';
import { escapeHtml } from './html.js';
import { caughtMistakes } from './mistakes.js';
import { lossDifferences, optimizerDifferences } from './pytorch.js';

/** More shapes than the table shows are checked. */
const SHAPES = 20;
const LIMIT = 1e-10;

/** One comparison with PyTorch. */
export interface Difference {
  name: string;
  /** The largest difference, relative to the largest value if that is above 1. */
  error: number;
}

/**
 * What was proven of a source file as its page was built: its gradient checks, its values against PyTorch's, the
 * mistakes that the checks caught. Empty for a file without gradients.
 *
 * @throws Error when any of it fails
 */
export function checksHtml(file: string): string {
  const plain = basename(file, '.ts').replaceAll('-', '');
  const cases = CHECK_CASES.filter(({ name }) => name.replace(/(1d)?(-eval)?$/, '') === plain);
  const parts = [
    ...cases.map(({ name, check }) => gradientHtml(name, check)),
    pytorchHtml(plain),
    mistakesHtml(plain),
  ].filter(Boolean);
  if (parts.length === 0) return '';
  return `<section class="checks"><h2 id="checked">Checked as this page was built</h2>\n${parts.join('\n')}</section>`;
}

function gradientHtml(name: string, check: (rng: Random) => GradientReport): string {
  const reports = Array.from({ length: SHAPES }, (_, i) => check(new Random(`42 ${name} ${i}`)));
  const failed = reports.find(({ passed }) => !passed);
  if (failed) throw new Error(`the gradient check of ${name} failed as the site was built:\n${failed}`);
  const size = ({ rows }: GradientReport) => rows[0].shape.reduce((product, n) => product * n, 1);
  const says = ({ rows }: GradientReport) => rows.some(({ analytic }) => analytic !== 0); // of one class, softmax's gradient is 0
  const rows = reports
    .filter(says)
    .sort((a, b) => size(b) - size(a))
    .slice(0, 2)
    .flatMap((report) => report.rows);
  const worst = Math.max(...reports.flatMap((report) => report.rows.map(({ error, allowed }) => error / allowed)));
  const cells = rows.map(({ array: of, shape, index, analytic, numeric, error, allowed }) =>
    tableRow([
      `<code>d${escapeHtml(of)}</code>`,
      shapeText(shape),
      `[${index.join(', ')}]`,
      number(analytic),
      number(numeric),
      exponent(error),
      exponent(allowed),
    ]),
  );
  return (
    `<h3>${escapeHtml(reports[0].layer)}: the gradient check</h3>` +
    `<p>Each row shows the element for which the hand-written gradient and the central difference differ most, for the two largest of ${SHAPES} random shapes. Over all ${SHAPES}, the largest difference is ${exponent(worst)} of what the check allows. <code class="whole">npx handgrad check ${escapeHtml(name)}</code> repeats the check.</p>` +
    table(['gradient', 'shape', 'worst at', 'analytic', 'numeric', 'difference', 'allowed'], cells)
  );
}

function pytorchHtml(plain: string): string {
  const differences = [...layerDifferences(plain), ...lossDifferences(plain), ...optimizerDifferences(plain)];
  if (differences.length === 0) return '';
  const wrong = differences.find(({ error }) => !(error <= LIMIT));
  if (wrong) throw new Error(`${wrong.name} is ${wrong.error} away from PyTorch`);
  const rows = differences.map(({ name, error }) => tableRow([escapeHtml(name), exponent(error)]));
  return `<h3>Comparison with PyTorch</h3><p>The largest difference of values and gradients of each case, in float64. The limit is ${exponent(LIMIT)}.</p>${table(['case', 'largest difference'], rows)}`;
}

function layerDifferences(plain: string): Difference[] {
  return layerFixtures
    .filter(({ name }) => layerNameOf(name).replace(' ', '') === plain)
    .map((fixture) => {
      const layer = layerOf(fixture);
      const errors = [
        difference(layer.forward(array(fixture.x, 'float64')), array(fixture.out, 'float64')),
        difference(layer.backward(array(fixture.dout, 'float64')), array(fixture.dx, 'float64')),
        ...layer.parameters().map(({ name, grad }) => difference(grad, array(fixture.gradients[name], 'float64'))),
      ];
      return { name: fixture.name, error: Math.max(...errors) };
    });
}

/** The largest difference between two arrays, relative to the largest value if that is above 1. */
export function difference(a: NdArray, b: NdArray): number {
  let [largest, scale] = [0, 1];
  for (const index of indices(a.shape)) {
    scale = Math.max(scale, Math.abs(b.get(...index)));
    const apart = Object.is(a.get(...index), b.get(...index)) ? 0 : Math.abs(a.get(...index) - b.get(...index));
    largest = apart <= largest ? largest : apart;
  }
  return largest / scale;
}

function mistakesHtml(plain: string): string {
  const mistakes = caughtMistakes(plain);
  if (mistakes.length === 0) return '';
  const rows = mistakes.map(({ name, found }) => tableRow([escapeHtml(name), escapeHtml(found)]));
  return `<h3>Mistakes that the check catches</h3><p>Each of these backwards is <a href="ROOTsource/test/gradcheck/mutants.html">wrong on purpose</a>, and was checked when this page was built.</p>${table(['the mistake', 'the report of the check'], rows)}`;
}

function table(header: readonly string[], rows: readonly string[]): string {
  return `<div class="wide" tabindex="0"><table><thead><tr>${header.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function tableRow(cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function number(value: number): string {
  return value.toPrecision(10).replace('-', '−');
}

function exponent(value: number): string {
  return value === 0 ? '0' : value.toExponential(1).replace('-', '−');
}
