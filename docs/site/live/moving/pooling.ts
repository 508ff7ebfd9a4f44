import { AvgPool2d, array, at, MaxPool2d, type NdArray, reshape } from 'handgrad';
import { short } from '../text.js';
import { moving, within } from './moving.js';
import { type Color, handle, panel, panels, rect, words } from './plot.js';

const SIDE = 4;
const COLORS: readonly Color[] = ['blue', 'orange', 'green', 'pink'];
const WINDOWS: Readonly<Record<string, { size: number; stride: number }>> = {
  '2 × 2, side by side': { size: 2, stride: 2 },
  '3 × 3, overlapping': { size: 3, stride: 1 },
};
const [CELL, LEFT, TOP, RIGHT] = [42, 4, 12, 246];

interface State {
  kind: string;
  windows: string;
  image: readonly number[];
  dout: readonly number[];
}

const numbers = (x: NdArray) =>
  Array.from({ length: x.shape[2] * x.shape[3] }, (_, i) => at(x, 0, 0, Math.floor(i / x.shape[3]), i % x.shape[3]));

/** The output, the gradient of the image, and the pixels that each output depends on, with their shares. */
export function poolingOf({ kind, windows, image, dout }: State) {
  const { size, stride } = WINDOWS[windows];
  const layer = kind === 'max' ? new MaxPool2d(size, { stride }) : new AvgPool2d(size, { stride });
  const square = (values: readonly number[], side: number) =>
    reshape(array([...values], 'float64'), [1, 1, side, side]);
  const out = numbers(layer.forward(square(image, SIDE)));
  const back = (values: readonly number[]) => numbers(layer.backward(square(values, 2)));
  const routes = out.map((_, k) => back(out.map((_, i) => (i === k ? 1 : 0))));
  return { out, dx: back(dout), routes };
}

const pixel = (i: number) => ({ x: LEFT + (i % SIDE) * CELL, y: TOP + Math.floor(i / SIDE) * CELL });
const output = (k: number) => ({ x: RIGHT + (k % 2) * CELL, y: TOP + CELL + Math.floor(k / 2) * CELL });

/** The four outputs, each in its color, and the pixels that it depends on. */
function routesSvg(routes: readonly (readonly number[])[]): string {
  return routes
    .flatMap((route, k) =>
      route.map((share, i) => {
        if (share === 0) return '';
        const [from, to] = [pixel(i), output(k)];
        const [x1, y1] = [from.x + CELL - 6, from.y + CELL / 2];
        const [x2, y2] = [to.x + 3, to.y + CELL / 2];
        const middle = (x1 + x2) / 2;
        const style = share === 1 ? 'stroke' : 'stroke faint';
        return `<path class="${style} ${COLORS[k]}" data-route="${k}-${i}" d="M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"/>`;
      }),
    )
    .join('');
}

function outputsSvg(values: readonly number[]): string {
  return values
    .map((value, k) => {
      const { x, y } = output(k);
      return `${rect(x + 2, y + 2, CELL - 4, CELL - 4, 'paper')}${rect(x + 2, y + 2, CELL - 4, CELL - 4, `lit ${COLORS[k]}`)}${words(x + CELL / 2, y + CELL / 2 + 5, short(value), 'middle')}`;
    })
    .join('');
}

function draw(state: State): string {
  const { out, dx, routes } = poolingOf(state);
  const image = state.image.map((value, i) => {
    const { x, y } = pixel(i);
    const winners = routes.flatMap((route, k) => (route[i] === 1 ? [k] : []));
    const marks = winners.map((k, j) =>
      rect(x + 2 + 3 * j, y + 2 + 3 * j, CELL - 4 - 6 * j, CELL - 4 - 6 * j, `lit ${COLORS[k]}`),
    );
    const grip = handle(
      `pixel-${i}`,
      `Pixel in row ${Math.floor(i / SIDE) + 1}, column ${(i % SIDE) + 1}`,
      [0, 9],
      value,
    );
    return `<g ${grip}>${rect(x, y, CELL, CELL, 'cell reach')}${marks.join('')}${words(x + CELL / 2, y + CELL / 2 + 5, String(value), winners.length > 0 ? 'middle' : 'middle label')}</g>`;
  });
  const gradient = dx.map((value, i) => {
    const { x, y } = pixel(i);
    return `${rect(x, y, CELL, CELL, `area orange`, `fill-opacity="${Math.min(0.6, value / 10).toFixed(2)}"`)}${rect(x, y, CELL, CELL, 'cell')}<text class="middle${value === 0 ? ' soft label' : ''}" data-dx="${value}" x="${x + CELL / 2}" y="${y + CELL / 2 + 5}">${short(value)}</text>`;
  });
  const height = 2 * TOP + SIDE * CELL;
  return panels(
    `<div><h4>forward: X to Y</h4>${panel(340, height, `Y is ${out.map(short).join(', ')}`, routesSvg(routes) + image.join('') + outputsSvg(out), true)}</div>`,
    `<div><h4>backward: dout to dX, on the same routes</h4>${panel(340, height, `dX is ${dx.map(short).join(', ')}`, routesSvg(routes) + gradient.join('') + outputsSvg(state.dout))}</div>`,
  );
}

function withPixel(state: State, name: string, change: (value: number) => number): State {
  const which = Number(name.replace('pixel-', ''));
  const image = state.image.map((value, i) => (i === which ? within(Math.round(change(value)), 0, 9) : value));
  return { ...state, image };
}

export const pooling = moving<State>({
  label: 'The routes of a pooling layer',
  caption:
    'A pixel that wins several windows collects the gradient of each. A pixel that wins none gets 0. Of equal pixels, the first one in reading order wins.',
  hint: 'Drag a pixel up or down, or use the arrow keys, until another one wins.',
  start: {
    kind: 'max',
    windows: '2 × 2, side by side',
    image: [1, 7, 2, 3, 4, 5, 6, 3, 2, 8, 1, 1, 0, 3, 4, 9],
    dout: [1, 2, 3, 4],
  },
  controls: [
    {
      kind: 'choice',
      name: 'kind',
      label: 'Pooling',
      options: ['max', 'average'],
      get: ({ kind }) => kind,
      set: (state, kind) => ({ ...state, kind }),
    },
    {
      kind: 'choice',
      name: 'windows',
      label: 'Windows',
      options: Object.keys(WINDOWS),
      get: ({ windows }) => windows,
      set: (state, windows) => ({ ...state, windows }),
    },
  ],
  draw,
  // From the bottom of the picture to its top, a pixel goes from 0 to 9.
  drag: (state, name, { y }) => {
    const { y: top } = pixel(Number(name.replace('pixel-', '')));
    return withPixel(state, name, () => 5 - (y - top - CELL / 2) / 12);
  },
  nudge: (state, name, { x, y }) => withPixel(state, name, (value) => value + x + y),
});
