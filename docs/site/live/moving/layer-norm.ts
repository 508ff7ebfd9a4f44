import { array, at, LayerNorm } from 'handgrad';
import { short } from '../text.js';
import { type Definition, moving, onGrid, within } from './moving.js';
import { bars, type Color, handle, line, named, panel, sums, words } from './plot.js';

const [WIDTH, LEFT, COLUMN] = [340, 20, 62];
const RANGE = [-3, 3] as const;
const dtype = 'float64';
/** Half the height of the bars that can be dragged. */
const HALF = { row: 60, dout: 36 };
const FEATURES = [0, 1, 2, 3, 4];

interface State {
  row: readonly number[];
  dout: readonly number[];
  /** The row that the layer receives is stretch · row + shift. */
  shift: number;
  stretch: number;
}

const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

/** The row, what the layer makes of it, and dx as the layer's backward and as its three terms. */
export function layerNormOf({ row, dout, shift, stretch }: State) {
  const x = row.map((value) => stretch * value + shift);
  const layer = new LayerNorm(row.length, { dtype });
  const out = layer.forward(array([x], dtype)); // γ = 1 and β = 0: this is x̂
  const dx = layer.backward(array([[...dout]], dtype));
  const xHat = FEATURES.map((d) => at(out, 0, d));
  const center = mean(x);
  const variance = mean(x.map((value) => (value - center) ** 2));
  const r = 1 / Math.sqrt(variance + layer.eps);
  const along = mean(xHat.map((value, d) => value * dout[d]));
  const terms = {
    direct: dout.map((value) => r * value),
    shift: dout.map(() => -r * mean(dout)),
    stretch: xHat.map((value) => -r * value * along),
  };
  return { x, xHat, center, r, terms, dx: FEATURES.map((d) => at(dx, 0, d)) };
}

/** The next of 1, 2, 5, 10, 20 … that is not smaller. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((digit) => digit * power >= value * 0.999) ?? 10);
}

/** One row of numbers as bars. */
function rowSvg(
  title: string,
  values: readonly number[],
  options: {
    largest: number;
    color: Color;
    half?: number;
    handleOf?: (d: number) => string;
    mark?: number;
    name?: string;
  },
): string {
  const { largest, color, half = HALF.dout, handleOf, mark, name } = options;
  const zero = half + 18;
  const unit = half / largest;
  const parts = [
    bars(values, { left: LEFT, column: COLUMN, zero, unit, most: half, color, handleOf, name }),
    mark === undefined
      ? ''
      : line(LEFT, zero - mark * unit, LEFT + 5 * COLUMN, zero - mark * unit, 'stroke pink thin') +
        words(WIDTH, zero - mark * unit + 4, 'μ', 'soft end'),
  ];
  const label = `${title.replace(/<[^>]+>/g, '')}: ${values.map(short).join(', ')}`;
  return `<div><h4>${title}</h4>${panel(WIDTH, 2 * zero, label, parts.join(''), handleOf !== undefined)}</div>`;
}

function draw(state: State): string {
  const { x, xHat, center, r, terms, dx } = layerNormOf(state);
  const largest = roundUp(Math.max(0.01, ...Object.values(terms).flat().map(Math.abs), ...dx.map(Math.abs)));
  const term = { largest, half: 30 };
  const dotted = dx.reduce((total, value, d) => total + value * x[d], 0);
  return `<div class="panels">
<div class="column">
${rowSvg('x = stretch · row + shift, to drag', x, {
  largest: 7,
  color: 'blue',
  mark: center,
  half: HALF.row,
  handleOf: (d) => handle(`row-${d}`, `Feature ${d + 1} of the row`, RANGE, state.row[d]),
})}
${rowSvg('x̂ = (x − μ) · r, the output', xHat, { largest: 2, color: 'green', name: 'xhat' })}
${rowSvg('dout, to drag', state.dout, {
  largest: 3,
  color: 'soft',
  handleOf: (d) => handle(`dout-${d}`, `dout of feature ${d + 1}`, RANGE, state.dout[d]),
})}
</div>
<div class="column">
${rowSvg('directly: r · dout', terms.direct, { ...term, color: 'orange' })}
${rowSvg('through the mean: − r · mean(dout)', terms.shift, { ...term, color: 'pink' })}
${rowSvg('through the variance: − r · x̂ · mean(x̂ ∘ dout)', terms.stretch, { ...term, color: 'green' })}
${rowSvg('dx, the sum of the three', dx, { ...term, color: 'ink', name: 'dx' })}
</div></div>${sums(
    `r = ${named('r', r)}; along a shift, Σ dx = ${named('along-shift', onGrid(mean(dx) * 5, 1e9))}; along a stretch, Σ x dx = ${named('along-stretch', dotted)} (0 except for ε)`,
  )}`;
}

const withValue = (state: State, name: string, change: (value: number) => number): State => {
  const [which, index] = name.split('-');
  const changed = (values: readonly number[]) =>
    values.map((value, d) => (d === Number(index) ? within(onGrid(change(value)), ...RANGE) : value));
  return which === 'row' ? { ...state, row: changed(state.row) } : { ...state, dout: changed(state.dout) };
};

const drag: Definition<State>['drag'] = (state, name, { y }) =>
  name.startsWith('row')
    ? withValue(state, name, () => ((HALF.row + 18 - y) / (HALF.row / 7) - state.shift) / state.stretch)
    : withValue(state, name, () => (HALF.dout + 18 - y) / (HALF.dout / 3));

export const layerNorm = moving<State>({
  label: 'Layer norm of one row, and its gradient as three terms',
  caption:
    'The row can be shifted and stretched: x̂ stays, and dx keeps its shape. A row that is stretched twice as far has half the gradient. Everything that `dout` would do by a shift or a stretch is removed from dx.',
  hint: 'Move the two sliders, then drag single bars.',
  start: { row: [-1, 0.5, 2, -2, 1], dout: [1, -0.5, 2, 0.5, 1], shift: 0, stretch: 1 },
  controls: [
    {
      kind: 'slider',
      name: 'shift',
      label: 'shift',
      min: -3,
      max: 3,
      step: 0.1,
      get: ({ shift }) => shift,
      set: (state, shift) => ({ ...state, shift }),
    },
    {
      kind: 'slider',
      name: 'stretch',
      label: 'stretch',
      min: 0.5,
      max: 2,
      step: 0.05,
      get: ({ stretch }) => stretch,
      set: (state, stretch) => ({ ...state, stretch }),
    },
  ],
  draw,
  drag,
  nudge: (state, name, { x, y }) => withValue(state, name, (value) => value + 0.1 * (x + y)),
});
