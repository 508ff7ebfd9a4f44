import { array, at, ELU, GELU, type Layer, ReLU, Tanh } from 'handgrad';
import { short } from '../text.js';
import { moving, onGrid, within } from './moving.js';
import { axes, handle, line, named, panel, panels, path, rect, scale, sums, unscale } from './plot.js';

/** The activations of the guide, by name. */
export const ACTIVATIONS: Readonly<Record<string, () => Layer>> = {
  ELU: () => new ELU(),
  ReLU: () => new ReLU(),
  Tanh: () => new Tanh(),
  GELU: () => new GELU(),
};

const REACH = [-4, 4] as const;
const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [340, 236, 34, 332, 12, 210];
const POINTS = Array.from({ length: 161 }, (_, i) => REACH[0] + i / 20);

interface State {
  name: string;
  x: number;
  dout: number;
}

/** Values and slopes at points, computed by the layer: `backward` with a `dout` of 1 gives the slope. */
function evaluated(name: string, points: readonly number[]): { values: number[]; slopes: number[] } {
  const layer = ACTIVATIONS[name]();
  const column = (numbers: readonly number[]) =>
    array(
      numbers.map((value) => [value]),
      'float64',
    );
  const out = layer.forward(column(points)); // (N, 1)
  const dx = layer.backward(column(points.map(() => 1))); // (N, 1)
  return { values: points.map((_, i) => at(out, i, 0)), slopes: points.map((_, i) => at(dx, i, 0)) };
}

function draw({ name, x, dout }: State): string {
  const { values, slopes } = evaluated(name, POINTS);
  const {
    values: [out],
    slopes: [slope],
  } = evaluated(name, [x]);
  const across = scale(REACH, [LEFT, RIGHT]);
  const sides = { scale: across, ticks: [-4, -2, 0, 2, 4], from: LEFT, to: RIGHT };
  const grip = (label: string) =>
    rect(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, 'reach wide', handle('x', label, REACH, x));
  const dot = (y: number, color: string) => `<circle class="area ${color}" cx="${across(x)}" cy="${y}" r="5.5"/>`;

  const up = scale([-1.5, 4], [BOTTOM, TOP]);
  const tangent = (by: number) => [across(x + by), up(out + slope * by)] as const;
  const reach = 1.5 / Math.hypot(1, slope);
  const forward =
    axes(sides, { scale: up, ticks: [-1, 0, 1, 2, 3, 4], from: TOP, to: BOTTOM }) +
    path(
      POINTS.map((point, i) => [across(point), up(values[i])]),
      'stroke blue',
    ) +
    path([tangent(-reach), tangent(reach)], 'stroke orange thick') +
    dot(up(out), 'blue') +
    grip('x, the input of the activation');

  const side = scale([-0.25, 1.25], [BOTTOM, TOP]);
  const backward =
    axes(sides, { scale: side, ticks: [0, 0.5, 1], from: TOP, to: BOTTOM }) +
    path(
      POINTS.map((point, i) => [across(point), side(slopes[i])]),
      'stroke orange',
    ) +
    line(across(x), side(0), across(x), side(slope), 'stroke orange thin') +
    dot(side(slope), 'orange') +
    grip('x, on the curve of the slope');

  const dx = dout * slope;
  return (
    panels(
      `<div><h4>forward: out = h(x)</h4>${panel(WIDTH, HEIGHT, `${name} with its tangent at ${short(x)}`, forward, true)}</div>`,
      `<div><h4>its slope, h′(x)</h4>${panel(WIDTH, HEIGHT, `The slope of ${name}: ${short(slope)} at ${short(x)}`, backward, true)}</div>`,
    ) +
    sums(
      `forward: h(${short(x)}) = ${named('out', out)}`,
      `backward: dx = dout × slope = ${short(dout)} × ${named('slope', slope)} = ${named('dx', dx)}`,
    ) +
    panel(WIDTH, 52, `dout is ${short(dout)}, dx is ${short(dx)}`, arrows(dout, dx))
  );
}

/** What arrives from the loss, and what is passed on. */
function arrows(dout: number, dx: number): string {
  const along = scale([-2, 2], [44, RIGHT]);
  const bar = (y: number, value: number, text: string, color: string) =>
    `<text class="soft end" x="38" y="${y + 13}">${text}</text>${rect(Math.min(along(0), along(value)), y, Math.abs(along(value) - along(0)), 18, `area ${color}`)}`;
  return `${bar(2, dout, 'dout', 'soft')}${bar(28, dx, 'dx', 'orange')}${line(along(0), 0, along(0), 52, 'zero')}`;
}

export const activations = moving<State>({
  label: 'An activation, its tangent, and the gradient that it passes on',
  caption:
    'The first curve is `forward`, with the tangent at x. The second is the slope of this tangent. `backward` multiplies the gradient that arrives by this slope. All values come from the layer itself.',
  hint: 'Move the pointer over a curve, or use the arrow keys.',
  start: { name: 'ELU', x: -1, dout: 1.5 },
  controls: [
    {
      kind: 'choice',
      name: 'activation',
      label: 'Activation',
      options: Object.keys(ACTIVATIONS),
      get: ({ name }) => name,
      set: (state, name) => ({ ...state, name }),
    },
    {
      kind: 'slider',
      name: 'dout',
      label: 'dout',
      min: -2,
      max: 2,
      step: 0.1,
      get: ({ dout }) => dout,
      set: (state, dout) => ({ ...state, dout }),
    },
  ],
  draw,
  following: ['x'],
  drag: (state, _handle, { x }) => ({
    ...state,
    x: within(onGrid(unscale(REACH, [LEFT, RIGHT], x)), ...REACH),
  }),
  nudge: (state, _handle, { x, y }) => ({ ...state, x: within(onGrid(state.x + 0.05 * (x + y)), ...REACH) }),
});
