import { escapeHtml, short } from '../text.js';
import type { ArrayResult, Result } from './exercise.js';

/** The result of a check, below the editor. */
export function resultHtml(result: Result): string {
  const { arrays, remarks, curve, failure } = result;
  if (failure !== undefined) return `<p class="verdict fails">${escapeHtml(failure)}</p>`;
  return [
    verdictHtml(result),
    ...remarks.map((text) => `<p class="remark">${escapeHtml(text)}</p>`),
    ...arrays.map(arrayHtml),
    curve.length > 0 ? curveHtml(curve) : '',
  ].join('');
}

function verdictHtml({ layer, passed, arrays }: Result): string {
  const wrong = arrays.filter((one) => !one.passed).map(({ name }) => `d${name}`);
  const text = passed
    ? `${layer} passes: all gradients agree with finite differences.`
    : `${layer} fails${wrong.length > 0 ? `: ${wrong.join(', ')}` : ''}.`;
  return `<p class="verdict ${passed ? 'passes' : 'fails'}">${escapeHtml(text)}</p>`;
}

function arrayHtml(result: ArrayResult): string {
  const { name, shape, passed, index, worst, error, allowed, diagnosis, analytic, numeric } = result;
  const scale = Math.max(...analytic.map(Math.abs), ...numeric.map(Math.abs), 1e-300);
  const apart = numeric.map((value, i) => analytic[i] - value);
  const maps = [
    mapHtml('analytic', analytic, shape, scale),
    mapHtml('numeric', numeric, shape, scale),
    mapHtml('difference', apart, shape, Math.max(error, allowed), allowed),
  ];
  return `<section class="checked"><h4>d${escapeHtml(name)} (${shape.join(', ')}) ${passed ? 'passes' : '<strong>fails</strong>'}</h4>
${diagnosis ? `<p class="diagnosis">${escapeHtml(diagnosis)}</p>` : ''}<div class="maps">${maps.join('')}</div>
<p class="worst">Worst at [${index.join(', ')}]: analytic ${full(worst[0])}, numeric ${full(worst[1])}; difference ${power(error)}, allowed ${power(allowed)}.</p></section>`;
}

/** An array as a picture: blue above 0, orange below. In a map of differences, those above the limit have a frame. */
function mapHtml(
  title: string,
  values: readonly number[],
  shape: readonly number[],
  scale: number,
  limit?: number,
): string {
  const columns = shape.length > 1 ? shape.slice(1).reduce((product, n) => product * n, 1) : (shape[0] ?? 1);
  const rows = Math.ceil(values.length / columns);
  const cells = values.map((value, i) => {
    const share = Number.isFinite(value) ? Math.min(1, Math.abs(value) / scale) : 1;
    const place = `x="${(i % columns) + 0.04}" y="${Math.floor(i / columns) + 0.04}" width="0.92" height="0.92"`;
    const bad = limit !== undefined && !(Math.abs(value) <= limit);
    return `<rect ${place} class="${value < 0 ? 'below' : 'above'}${bad ? ' bad' : ''}" fill-opacity="${share.toFixed(3)}"><title>${short(value)}</title></rect>`;
  });
  const label = `${title}: ${values.slice(0, 12).map(short).join(', ')}${values.length > 12 ? ' …' : ''}`;
  return `<figure class="map"><svg viewBox="0 0 ${columns} ${rows}" style="width:${Math.min(11, columns * 1.4)}rem" role="img" aria-label="${label}">${cells.join('')}</svg><figcaption>${title}</figcaption></figure>`;
}

const PLOT = { width: 420, height: 190, left: 46, bottom: 34 };

/** The error over the step, with the two slopes that explain it. */
function curveHtml(curve: Result['curve']): string {
  const { width, height, left, bottom } = PLOT;
  const x = (step: number) => left + ((12 + Math.log10(step)) / 12) * (width - left - 8);
  const y = (error: number) =>
    8 + ((2 - Math.log10(Math.min(100, Math.max(1e-13, error)))) / 15) * (height - bottom - 8);
  const points = curve.map(({ step, error }) => `${x(step).toFixed(1)} ${y(error).toFixed(1)}`);
  const guide = (from: [number, number], to: [number, number]) =>
    `<path class="guide" d="M${x(from[0])} ${y(from[1])}L${x(to[0])} ${y(to[1])}"/>`;
  const ticks = [0, -3, -6, -9, -12].map(
    (n) =>
      `<text x="${x(10 ** n)}" y="${height - bottom + 16}" text-anchor="middle">${n === 0 ? '1' : `10${raised(n)}`}</text>`,
  );
  const levels = [0, -4, -8, -12].map(
    (n) =>
      `<line class="tick" x1="${left}" x2="${width - 8}" y1="${y(10 ** n)}" y2="${y(10 ** n)}"/><text x="${left - 6}" y="${y(10 ** n) + 4}" text-anchor="end">${n === 0 ? '1' : `10${raised(n)}`}</text>`,
  );
  return `<figure class="stepcurve"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="The largest error of dx for steps of different length">${levels.join('')}${ticks.join('')}${guide([1e-12, 1e-4], [1e-4, 1e-12])}${guide([1e-5, 1e-11], [1, 0.1])}<path class="error" d="M${points.join('L')}"/><text x="${width - 8}" y="${height - 4}" text-anchor="end">step h</text></svg><figcaption>The largest error of dx over the step h. To the right the curvature counts, and the error grows with h² (dashed). To the left the rounding counts, and it grows with 1/h (dashed). A wrong gradient does not fall at all.</figcaption></figure>`;
}

const raised = (n: number) => [...String(n)].map((digit) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(digit)]).join('');
const full = (value: number) => String(Number(value.toPrecision(9))).replace('-', '−');
const power = (value: number) => value.toExponential(1).replaceAll('-', '−');
