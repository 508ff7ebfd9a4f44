import { assign, at, full, Linear, type NdArray, ones, Random, sum, sumOfSquares } from 'handgrad';
import { short } from '../text.js';
import { ACTIVATIONS } from './activations.js';
import { moving } from './moving.js';
import { axes, bars, named, panel, panels, powerOfTen, rect, scale, sums } from './plot.js';

/** The net of the chapter: ten layers of twenty units, fifty samples. */
const [LAYERS, UNITS, SAMPLES, SEED] = [10, 20, 50, 3];
const [WIDTH, LEFT, RIGHT, TOP, BOTTOM] = [340, 40, 334, 14, 190];
/** The gradient's axis is logarithmic, over these powers of ten. */
const POWERS = [-12, 4] as const;

interface State {
  activation: string;
  std: number;
  bias: number;
}

/** The length of the weights' gradient in each layer, and the mean slope of its activation. */
export function lengthsOf({ activation, std, bias }: State): { lengths: number[]; slopes: number[] } {
  const rng = new Random(SEED);
  const linears = Array.from({ length: LAYERS }, () => new Linear(UNITS, UNITS, { init: `normal:${std}`, rng }));
  const activations = linears.map(() => ACTIVATIONS[activation]());
  for (const { bias: own } of linears) if (own) assign(own.value, full([UNITS], bias));
  let x = rng.normal([SAMPLES, UNITS]);
  for (const [i, linear] of linears.entries()) x = activations[i].forward(linear.forward(x));
  const slopes = activations.map((layer) => meanOf(layer.backward(ones([SAMPLES, UNITS]))));
  let d = rng.normal([SAMPLES, UNITS]);
  for (let i = LAYERS - 1; i >= 0; i--) d = linears[i].backward(activations[i].backward(d));
  return { lengths: linears.map(({ weight }) => Math.sqrt(sumOfSquares(weight.grad))), slopes };
}

const meanOf = (values: NdArray) => at(sum(sum(values, { axis: 0 }), { axis: 0 })) / (SAMPLES * UNITS);

function draw(state: State): string {
  const { lengths, slopes } = lengthsOf(state);
  const column = (RIGHT - LEFT) / LAYERS;
  const across = scale([0.5, LAYERS + 0.5], [LEFT, RIGHT]);
  const up = scale(POWERS, [BOTTOM, TOP]);
  const sides = { scale: across, ticks: lengths.map((_, i) => i + 1), from: LEFT, to: RIGHT };
  const ticks = [-12, -8, -4, 0, 4];
  const columns = lengths.map((length, i) => {
    const top = up(Math.max(POWERS[0], Math.min(POWERS[1], Math.log10(Math.max(length, 1e-30)))));
    return rect(LEFT + (i + 0.16) * column, top, column * 0.68, BOTTOM - top, 'area orange');
  });
  const gradient = axes(sides, { scale: up, ticks, from: TOP, to: BOTTOM, text: powerOfTen }) + columns.join('');
  const side = scale([0, 1.2], [BOTTOM, TOP]);
  const slope =
    axes(sides, { scale: side, ticks: [0, 0.5, 1], from: TOP, to: BOTTOM }) +
    bars(slopes, {
      ...{ left: LEFT, column, zero: BOTTOM, unit: side(0) - side(1), most: BOTTOM - TOP, color: 'blue' as const },
      quiet: true,
    });
  const [first, last] = [lengths[0], lengths[LAYERS - 1]];
  return (
    panels(
      `<div><h4>length of dW, layer by layer</h4>${panel(WIDTH, 212, `The gradient's length from ${short(first)} in layer 1 to ${short(last)} in layer 10`, gradient)}</div>`,
      `<div><h4>mean slope of the activation</h4>${panel(WIDTH, 212, `The mean slope is ${short(slopes[0])} in layer 1 and ${short(slopes[LAYERS - 1])} in layer 10`, slope)}</div>`,
    ) +
    sums(
      `The first layer gets ${named('ratio', first / last)} times the gradient of the last: |dW₁| = ${named('first', first)}, |dW₁₀| = ${named('last', last)}.`,
    )
  );
}

export const depth = moving<State>({
  label: 'The gradient in a net that is ten layers deep',
  caption:
    'Ten linear layers of twenty units, each with an activation, and a gradient that goes back from layer 10 to layer 1. The axis of the lengths is logarithmic.',
  hint: 'Move the bias toward 0. Then make the weights larger, or choose another activation.',
  start: { activation: 'Tanh', std: 0.3, bias: 2 },
  controls: [
    {
      kind: 'choice',
      name: 'activation',
      label: 'Activation',
      options: Object.keys(ACTIVATIONS),
      get: ({ activation }) => activation,
      set: (state, activation) => ({ ...state, activation }),
    },
    {
      kind: 'slider',
      name: 'bias',
      label: 'bias',
      min: -3,
      max: 3,
      step: 0.1,
      get: ({ bias }) => bias,
      set: (state, bias) => ({ ...state, bias }),
    },
    {
      kind: 'slider',
      name: 'std',
      label: 'standard deviation of the weights',
      min: 0.02,
      max: 0.8,
      step: 0.02,
      get: ({ std }) => std,
      set: (state, std) => ({ ...state, std }),
    },
  ],
  draw,
});
