import { Adam, array, assign, at, type Optimizer, Parameter, SGD } from 'handgrad';
import { short } from '../text.js';
import { moving, onGrid, within } from './moving.js';
import {
  axes,
  type Color,
  handle,
  named,
  panel,
  panels,
  path,
  powerOfTen,
  rect,
  scale,
  sums,
  unscale,
} from './plot.js';

const STEPS = 90;
const [WIDTH, HEIGHT] = [340, 210];
const ACROSS = [-5, 5] as const;
const UP = [-2.5, 2.5] as const;
const LOSS = { left: 40, right: 332, top: 12, bottom: 184 };
/** The axis of the loss is logarithmic. */
const POWERS = [-6, 4] as const;

interface Settings {
  steep: number;
  rate: number;
  adamRate: number;
  momentum: number;
  start: readonly [number, number];
}

interface State extends Settings {
  ways: readonly Way[];
  /** Steps that are drawn so far. */
  shown: number;
}

/** The way of one optimizer, and the loss at each of its points. */
interface Way {
  name: string;
  color: Color;
  points: readonly (readonly [number, number])[];
  losses: readonly number[];
}

type Make = (parameters: Parameter[], settings: Settings) => Optimizer;

const OPTIMIZERS: readonly { name: string; color: Color; make: Make }[] = [
  { name: 'SGD', color: 'blue', make: (p, { rate }) => new SGD(p, { learningRate: rate }) },
  {
    name: 'momentum',
    color: 'orange',
    make: (p, { rate, momentum }) => new SGD(p, { learningRate: rate, momentum }),
  },
  {
    name: 'Nesterov',
    color: 'green',
    make: (p, { rate, momentum }) =>
      // Nesterov's variant of no momentum is SGD.
      new SGD(p, momentum > 0 ? { learningRate: rate, momentum, nesterov: true } : { learningRate: rate }),
  },
  { name: 'Adam', color: 'pink', make: (p, { adamRate }) => new Adam(p, { learningRate: adamRate }) },
];

/** The ways of all optimizers down the valley L = (x² + a y²)/2, whose gradient is (x, a y). */
export function waysOf(settings: Settings): Way[] {
  const { steep, start } = settings;
  return OPTIMIZERS.map(({ name, color, make }) => {
    const ball = new Parameter(name, array([...start], 'float64'));
    const optimizer = make([ball], settings);
    const points: [number, number][] = [];
    for (let step = 0; step <= STEPS; step++) {
      const [x, y] = [at(ball.value, 0), at(ball.value, 1)];
      points.push([x, y]);
      assign(ball.grad, array([x, steep * y], 'float64'));
      optimizer.step();
    }
    return { name, color, points, losses: points.map(([x, y]) => (x * x + steep * y * y) / 2) };
  });
}

const from = (settings: Settings, shown = STEPS): State => ({ ...settings, ways: waysOf(settings), shown });

/** The products η · a above which each method explodes. At z = −1, a root of its recursion leaves the unit circle. */
export function limitsOf(momentum: number): Record<'SGD' | 'momentum' | 'Nesterov', number> {
  const heavy = 2 * (1 + momentum);
  return { SGD: 2, momentum: heavy, Nesterov: heavy / (1 + 2 * momentum) };
}

function draw({ steep, rate, momentum, start, ways, shown }: State): string {
  const [across, up] = [scale(ACROSS, [0, WIDTH]), scale(UP, [HEIGHT, 0])];
  const unit = WIDTH / (ACROSS[1] - ACROSS[0]);
  const contours = [0.02, 0.2, 1, 3, 7, 13, 25, 50, 100].map((loss) => {
    const reach = Math.sqrt(2 * loss);
    const height = (reach / Math.sqrt(steep)) * (HEIGHT / (UP[1] - UP[0]));
    return `<ellipse class="contour" cx="${across(0)}" cy="${up(0)}" rx="${(reach * unit).toFixed(1)}" ry="${height.toFixed(1)}"/>`;
  });
  const trails = ways.map(({ color, points }) => {
    const seen = points.slice(0, shown + 1).map(([x, y]) => [across(x), up(y)] as const);
    const [x, y] = seen[seen.length - 1];
    const ball =
      Math.abs(x) < 1e4 && Math.abs(y) < 1e4 ? `<circle class="area ${color}" cx="${x}" cy="${y}" r="5"/>` : '';
    return path(seen, `stroke ${color}`) + ball;
  });
  const grip = `<circle class="start" cx="${across(start[0])}" cy="${up(start[1])}" r="6"/>`;
  const text = `data-text="x ${short(start[0])}, y ${short(start[1])}"`;
  const reach = `${handle('ball', 'Where the ball is dropped', ACROSS, start[0])} ${text}`;
  // The inner picture cuts off what leaves the plane.
  const valley = `<svg width="${WIDTH}" height="${HEIGHT}">${contours.join('')}${trails.join('')}${grip}</svg>${rect(0, 0, WIDTH, HEIGHT, 'cell reach', reach)}`;

  const x = scale([0, STEPS], [LOSS.left, LOSS.right]);
  const y = scale(POWERS, [LOSS.bottom, LOSS.top]);
  const height = (loss: number) => y(within(Math.log10(Math.max(loss, 1e-30)), POWERS[0], POWERS[1]));
  const curves = ways.map(({ color, losses }) =>
    path(
      losses.slice(0, shown + 1).map((loss, step) => [x(step), height(loss)] as const),
      `stroke ${color}`,
    ),
  );
  const losses =
    axes(
      { scale: x, ticks: [0, 30, 60, 90], from: LOSS.left, to: LOSS.right },
      { scale: y, ticks: [-6, -4, -2, 0, 2, 4], from: LOSS.top, to: LOSS.bottom, text: powerOfTen },
    ) + curves.join('');

  const product = rate * steep;
  const limits = Object.entries(limitsOf(momentum));
  const key = ways.map(
    ({ name, color, losses: all }) =>
      `<li><span class="swatch ${color}"></span>${name}: ${named(name, all[shown])}</li>`,
  );
  return (
    panels(
      `<div><h4>L = (x² + ${short(steep)} y²)/2, from above</h4>${panel(WIDTH, HEIGHT, 'Contours of the valley with the ways of four optimizers', valley, true)}</div>`,
      `<div><h4>loss, over the steps</h4>${panel(WIDTH, HEIGHT, 'The loss of each optimizer over the steps', losses)}</div>`,
    ) +
    `<ul class="legend">${key.join('')}</ul>` +
    sums(
      `η · a = ${short(rate)} × ${short(steep)} = ${named('product', product)}. Every step of SGD multiplies y by 1 − ηa = ${named('factor', 1 - product)} and x by ${short(1 - rate)}.`,
      limits
        .map(
          ([name, limit]) =>
            `${name} explodes above ηa = ${short(limit)}${product > limit ? ': <strong>now</strong>' : ''}`,
        )
        .join('; ') + '.',
    )
  );
}

/** A slider of one setting. */
const slider = (
  name: 'steep' | 'rate' | 'adamRate' | 'momentum',
  label: string,
  max: number,
  step: number,
  min = step,
) => ({
  kind: 'slider' as const,
  ...{ name, label, min, max, step },
  get: (state: State) => state[name],
  set: (state: State, value: number) => from({ ...state, [name]: value }),
});

export const valley = moving<State>({
  label: 'Four optimizers in a narrow valley',
  caption:
    'All four start at the same point and get the same gradients, those of where they are. Across the valley, the curvature is a; along it, 1.',
  hint: 'Click to drop a ball. Then raise η until η · a is above 2.',
  start: from({ steep: 30, rate: 0.03, adamRate: 0.3, momentum: 0.8, start: [-4, 1] }),
  controls: [
    slider('rate', 'learning rate η', 0.12, 0.001),
    slider('steep', 'curvature a', 40, 1),
    slider('momentum', 'momentum μ', 0.95, 0.05, 0),
    slider('adamRate', 'η of Adam', 1, 0.05),
    { kind: 'button', name: 'again', label: 'Drop again', press: (state) => ({ ...state, shown: 0 }) },
  ],
  draw,
  drag: (state, _handle, { x, y }) =>
    from({ ...state, start: dropped([unscale(ACROSS, [0, WIDTH], x), unscale(UP, [HEIGHT, 0], y)]) }, 0),
  nudge: (state, _handle, { x, y }) =>
    from({ ...state, start: dropped([state.start[0] + x / 4, state.start[1] + y / 4]) }),
  next: (state) => (state.shown < STEPS ? { ...state, shown: state.shown + 1 } : undefined),
});

function dropped([x, y]: readonly [number, number]): readonly [number, number] {
  return [within(onGrid(x), -4.9, 4.9), within(onGrid(y), -2.4, 2.4)];
}
