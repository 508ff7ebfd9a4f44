import { escapeHtml, short } from '../text.js';
import { CHOICES, type Config } from './config.js';
import { PROBLEMS, type Samples } from './problems.js';
import { REACH, type Report, SIDE } from './session.js';

/** The colors of the classes; the stylesheet has the same. */
const COLORS: readonly (readonly [number, number, number])[] = [
  [0, 114, 178],
  [213, 94, 0],
  [0, 158, 115],
];

/** The decision surface as pixels, four bytes each: the color of the most probable class, paler where it is unsure. */
export function surfacePixels(surface: readonly number[]): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * SIDE ** 2);
  const classes = surface.length / SIDE ** 2;
  for (let cell = 0; cell < SIDE ** 2; cell++) {
    const probabilities = surface.slice(cell * classes, (cell + 1) * classes);
    const most = Math.max(...probabilities);
    const [red, green, blue] = COLORS[probabilities.indexOf(most)] ?? COLORS[0];
    const sure = (most - 1 / classes) / (1 - 1 / classes);
    pixels.set([red, green, blue, 20 + 150 * sure], 4 * cell);
  }
  return pixels;
}

/** The samples, and for a function the net's values, as the inside of an SVG of −REACH to REACH. */
export function samplesSvg(config: Config, { points, labels }: Samples, surface: readonly number[]): string {
  const { outputs } = PROBLEMS[config.problem];
  if (outputs > 1) {
    const dots = points.map(
      ([x, y], n) => `<circle class="class${labels[n]}" cx="${x.toFixed(3)}" cy="${(-y).toFixed(3)}" r="0.024"/>`,
    );
    return dots.join('');
  }
  const dots = points.map(
    ([x], n) => `<circle class="class0" cx="${x.toFixed(3)}" cy="${(-labels[n]).toFixed(3)}" r="0.018"/>`,
  );
  const at = (i: number) => ((i + 0.5) / SIDE) * 2 * REACH - REACH;
  const line = surface.map((value, i) => `${at(i).toFixed(3)} ${(-Math.max(-3, Math.min(3, value))).toFixed(3)}`);
  return dots.join('') + (line.length > 0 ? `<path class="function" d="M${line.join('L')}"/>` : '');
}

const CURVE = { width: 360, height: 130 };

/** The losses of the reports so far, on a logarithmic scale. */
export function lossSvg(history: readonly Report[]): string {
  const { width, height } = CURVE;
  const shown = history.filter(({ loss, testLoss }) => loss > 0 && testLoss > 0);
  const all = shown.flatMap(({ loss, testLoss }) => [loss, testLoss]).map(Math.log10);
  const [low, high] = [Math.floor(Math.min(-1, ...all)), Math.ceil(Math.max(0, ...all))];
  const end = Math.max(1, shown.at(-1)?.step ?? 1);
  const x = (step: number) => 48 + ((width - 54) * step) / end;
  const y = (loss: number) => 8 + ((height - 28) * (high - Math.log10(loss))) / (high - low);
  const line = (name: 'loss' | 'testLoss') =>
    `<path class="${name}" d="M${shown.map((report) => `${x(report.step).toFixed(1)} ${y(report[name]).toFixed(1)}`).join('L')}"/>`;
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i).map(
    (power) =>
      `<line class="tick" x1="48" x2="${width - 6}" y1="${y(10 ** power)}" y2="${y(10 ** power)}"/><text x="42" y="${y(10 ** power) + 4}" text-anchor="end">${short(10 ** power)}</text>`,
  );
  const lines = shown.length > 1 ? line('testLoss') + line('loss') : '';
  return `<svg class="losses" viewBox="0 0 ${width} ${height}" role="img" aria-label="Training and test loss over ${end} steps">${ticks.join('')}${lines}<text x="${width - 6}" y="${height - 4}" text-anchor="end">step ${end}</text></svg>`;
}

/** One row per linear layer: how spread its activations are, and how long the gradient of its weights is. */
export function layersHtml(layers: Report['layers']): string {
  const bar = (kind: string, value: number) => {
    // From 1e-6 to 100 on a logarithmic scale.
    const share = Math.max(0, Math.min(1, (Math.log10(Math.max(value, 1e-30)) + 6) / 8));
    return `<td><span class="meter ${kind}" style="--share:${share.toFixed(3)}"></span><span class="amount">${short(value)}</span></td>`;
  };
  const rows = layers.map(
    ({ name, spread, gradient }) =>
      `<tr><th scope="row">${escapeHtml(name)}</th>${bar('spread', spread)}${bar('slope', gradient)}</tr>`,
  );
  return `<table class="layers"><caption>Layer by layer, on a logarithmic scale from 10⁻⁶ to 100</caption><thead><tr><th scope="col">layer</th><th scope="col">size of its outputs</th><th scope="col">length of its gradient</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Where the training is, in numbers. */
export function stateHtml({ step, loss, testLoss, accuracy, testAccuracy }: Report): string {
  const items: [string, string, string][] = [
    ['step', 'step', String(step)],
    ['loss', 'training loss', short(loss)],
    ['testloss', 'test loss', short(testLoss)],
  ];
  if (accuracy !== undefined) items.push(['accuracy', 'training accuracy', accuracy.toFixed(3)]);
  if (testAccuracy !== undefined) items.push(['testaccuracy', 'test accuracy', testAccuracy.toFixed(3)]);
  return items.map(([name, label, value]) => `<div><dt>${label}</dt><dd class="${name}">${value}</dd></div>`).join('');
}

/** The fields of the settings. */
export function settingsHtml(config: Config): string {
  const given: Record<string, unknown> = { ...config };
  const fields = Object.entries(CHOICES).map(([name, { label, values }]) => {
    const options = values.map((value) => {
      const text = name === 'problem' ? PROBLEMS[String(value)].title : String(value);
      return `<option value="${value}"${value === given[name] ? ' selected' : ''}>${escapeHtml(text)}</option>`;
    });
    return `<label>${label}<select name="${name}">${options.join('')}</select></label>`;
  });
  return `${fields.join('')}<label>Seed<input type="number" name="seed" min="0" step="1" value="${config.seed}"></label>`;
}
