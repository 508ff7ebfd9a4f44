import { escapeHtml, short } from '../text.js';
import { graphSvg } from './graph.js';
import {
  type ArrayName,
  gradientAt,
  lossOf,
  type Numbers,
  numberAt,
  type Pass,
  type Place,
  withNumber,
} from './net.js';
import { GRADIENT_KNOWN, STEPS } from './steps.js';

/** What the reader sees. */
export interface View {
  numbers: Numbers;
  pass: Pass;
  step: number;
  /** The number that is nudged, and by how much. */
  chosen: Place;
  nudge: number;
}

const UPDATE = 13;
const INDEX = ['₁', '₂', '₃'];
const LETTERS: Readonly<Record<Place['array'], string>> = {
  x: 'x',
  weight1: 'W',
  bias1: 'b',
  weight2: 'V',
  bias2: 'c',
  targets: 'T',
};

/** The name of one number as the formulas write it: W₁₂. */
export function nameOf({ array: name, index }: Place): string {
  return LETTERS[name] + index.map((i) => INDEX[i]).join('');
}

/** The picture of the net, in both directions. The stylesheet shows the one that fits. */
export function graphHtml({ numbers, pass, step, chosen }: View): string {
  return graphSvg(numbers, pass, step, 'across', chosen) + graphSvg(numbers, pass, step, 'down', chosen);
}

/** The formula of a step with its numbers. */
export function rowsHtml({ numbers, pass }: View, step: number): string {
  return STEPS[step]
    .rows(numbers, pass)
    .map((row) => `<li>${escapeHtml(row)}</li>`)
    .join('');
}

/** The fields in which the numbers are changed, each with its gradient below. */
export function fieldsHtml(view: View): string {
  const { numbers } = view;
  const table = (title: string, rows: Place[][]) =>
    `<div class="array"><h4>${title}</h4><table><tbody>${rows
      .map((row) => `<tr>${row.map((place) => fieldHtml(view, place)).join('')}</tr>`)
      .join('')}</tbody></table></div>`;
  const matrix = (weight: 'weight1' | 'weight2', bias: 'bias1' | 'bias2') =>
    numbers[weight].map((row, i): Place[] => [
      ...row.map((_, j) => ({ array: weight, index: [i, j] })),
      { array: bias, index: [i] },
    ]);
  const vector = (name: 'x' | 'targets') => [numbers[name].map((_, i): Place => ({ array: name, index: [i] }))];
  return [
    table('Sample <i>x</i>', vector('x')),
    table('First layer: <i>W</i> and <i>b</i>', matrix('weight1', 'bias1')),
    table('Second layer: <i>V</i> and <i>c</i>', matrix('weight2', 'bias2')),
    table('Target <i>T</i>', vector('targets')),
  ].join('');
}

function fieldHtml(view: View, place: Place): string {
  const name = nameOf(place);
  const value = numberAt(view.numbers, place);
  const key = `${place.array}-${place.index.join('-')}`;
  return `<td data-array="${place.array}"><label for="field-${key}">${name}</label><input id="field-${key}" type="number" step="0.1" inputmode="decimal" value="${value}" data-array="${place.array}" data-index="${place.index.join(',')}">${belowHtml(view, place)}</td>`;
}

/** What stands below a field: its gradient, and its value after the update. */
export function belowHtml({ numbers, pass, step }: View, place: Place): string {
  if (place.array === 'targets') return '<output></output>';
  const known = step >= GRADIENT_KNOWN[place.array];
  const gradient = gradientAt(pass, place);
  const next = place.array === 'x' ? undefined : numberAt({ ...numbers, ...pass.updated }, place);
  const parts = [
    known ? `<span class="gradient" data-value="${gradient}">${short(gradient)}</span>` : '',
    next !== undefined && step >= UPDATE ? `<span class="after">→ ${short(next)}</span>` : '',
  ];
  return `<output>${parts.join('')}</output>`;
}

/** What the nudge does, beside what the gradient predicts. */
export function nudgeHtml({ numbers, pass, chosen, nudge }: View): string {
  const value = numberAt(numbers, chosen);
  const gradient = gradientAt(pass, chosen);
  const loss = lossOf(withNumber(numbers, chosen, value + nudge));
  const [change, predicted] = [loss - pass.loss, gradient * nudge];
  const name = nameOf(chosen);
  return `<dl><dt>${name}</dt><dd>${short(value)} → ${short(value + nudge)}</dd>
<dt>the loss changes by</dt><dd data-change="${change}">${short(change)}</dd>
<dt>the gradient predicts</dt><dd data-predicted="${predicted}">${short(nudge)} × ${short(gradient)} = ${short(predicted)}</dd></dl>${curveSvg(numbers, pass, chosen, nudge)}`;
}

const PLOT = { width: 300, height: 150, range: 1.5 };

/** The loss as a function of the chosen number, with the tangent whose slope is the gradient. */
function curveSvg(numbers: Numbers, pass: Pass, chosen: Place, nudge: number): string {
  const value = numberAt(numbers, chosen);
  const gradient = gradientAt(pass, chosen);
  const { width, height, range } = PLOT;
  const points = Array.from({ length: 61 }, (_, i) => {
    const by = range * (i / 30 - 1);
    return { by, loss: lossOf(withNumber(numbers, chosen, value + by)) };
  });
  const losses = points.map(({ loss }) => loss);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const room = Math.max(0.02, (high - low) * 0.25);
  const x = (by: number) => ((by / range + 1) * width) / 2;
  const y = (loss: number) => height - 8 - ((loss - low + room) / (high - low + 2 * room)) * (height - 16);
  const at = (by: number, loss: number) => `${x(by).toFixed(1)} ${y(loss).toFixed(1)}`;
  const tangent = (by: number) => at(by, pass.loss + gradient * by);
  const moved = lossOf(withNumber(numbers, chosen, value + nudge));
  return `<svg class="curve" viewBox="0 0 ${width} ${height}" role="img" aria-label="The loss for other values of ${nameOf(chosen)}, with the tangent of slope ${short(gradient)}"><path class="loss" d="M${points.map(({ by, loss }) => at(by, loss)).join('L')}"/><path class="tangent" d="M${tangent(-range)}L${tangent(range)}"/><circle class="here" cx="${x(0)}" cy="${y(pass.loss)}" r="4"/><circle class="moved" cx="${x(nudge)}" cy="${y(moved)}" r="5"/></svg>`;
}

/** The numbers that have a gradient, for the choice of the nudged one. */
export const NUDGED: readonly ArrayName[] = ['weight1', 'bias1', 'weight2', 'bias2', 'x'];
