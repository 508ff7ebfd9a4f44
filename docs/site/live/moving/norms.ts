import { at, BatchNorm2d, GroupNorm, InstanceNorm, type NdArray, Random, reshape, setAt, zerosLike } from 'handgrad';
import { moving, within } from './moving.js';
import { handle, named, panel, panels, rect, words } from './plot.js';

const [N, C, L] = [3, 4, 4];
const dtype = 'float64';
const [CELL, ROW, STEP, LEFT, TOP] = [23, 30, 112, 14, 46];
/** The sheets lean, as the sides of a cube do. */
const SLOPE = -0.22;

interface State {
  norm: string;
  /** The chosen output. */
  n: number;
  c: number;
  l: number;
}

interface Norm {
  make: () => { forward: (x: NdArray) => NdArray; backward: (dout: NdArray) => NdArray };
  over: (state: State) => string;
  meaning: string;
}

export const NORMS: Readonly<Record<string, Norm>> = {
  BN: {
    make: () => {
      const norm = new BatchNorm2d(C, { dtype });
      const images = (x: NdArray) => reshape(x, [N, C, 2, L / 2]);
      const sheets = (x: NdArray) => reshape(x, [N, C, L]);
      return { forward: (x) => sheets(norm.forward(images(x))), backward: (d) => sheets(norm.backward(images(d))) };
    },
    over: ({ c }) => `Batch norm averages over channel ${c + 1} of all samples, all positions`,
    meaning: 'Samples depend on each other. In evaluation, the running averages replace the batch.',
  },
  LN: {
    make: () => new GroupNorm(1, C, { dtype }),
    over: ({ n }) => `Layer norm averages over all channels and positions of sample ${n + 1}`,
    meaning: 'Samples are independent, and the batch can have any size.',
  },
  IN: {
    make: () => new InstanceNorm(C, { dtype }),
    over: ({ n, c }) => `Instance norm averages over the positions of channel ${c + 1} of sample ${n + 1}`,
    meaning: 'Each channel of each image is on its own: its contrast is removed.',
  },
  GN: {
    make: () => new GroupNorm(2, C, { dtype }),
    over: ({ n, c }) =>
      `Group norm, two groups, averages over the positions of channels ${c < 2 ? '1 and 2' : '3 and 4'} of sample ${n + 1}`,
    meaning: 'Between the other two: one group is layer norm, and as many groups as channels are instance norm.',
  },
};

/** The gradient of the chosen output with respect to every input, (N, C, L), by the layer's own backward. */
export function influenceOf({ norm, n, c, l }: State): NdArray {
  const layer = NORMS[norm].make();
  const out = layer.forward(new Random(3).normal([N, C, L], { dtype }));
  const dout = zerosLike(out);
  setAt(dout, [n, c, l], 1);
  return layer.backward(dout);
}

function draw(state: State): string {
  const dx = influenceOf(state);
  let count = 0;
  const sheets = Array.from({ length: N }, (_, n) => {
    const cells = Array.from({ length: C * L }, (_, i) => {
      const [c, l] = [Math.floor(i / L), i % L];
      const value = at(dx, n, c, l);
      if (value !== 0) count++;
      const strength = value === 0 ? 0 : 0.25 + Math.min(0.75, 2.2 * Math.abs(value));
      const place = [l * CELL, c * ROW, CELL, ROW] as const;
      const shade = value === 0 ? 'empty' : `area ${value < 0 ? 'orange' : 'blue'}`;
      return (
        rect(...place, shade, `fill-opacity="${strength.toFixed(2)}" data-influence="${value}"`) +
        rect(...place, 'cell')
      );
    });
    const isOwn = n === state.n;
    const chosen = isOwn ? rect(state.l * CELL, state.c * ROW, CELL, ROW, 'chosen') : '';
    const names = `${words((L * CELL) / 2, C * ROW + 16, `sample ${n + 1}`, 'soft middle')}`;
    return `<g transform="translate(${LEFT + n * STEP} ${TOP}) skewY(${(Math.atan(SLOPE) * 180) / Math.PI})">${cells.join('')}${chosen}${names}</g>`;
  });
  const reach = rect(0, 0, 340, 200, 'reach pick', '');
  const grip = handle('cell', 'The chosen output: arrow keys move it', [1, N * C * L], place(state) + 1);
  const said = `data-text="sample ${state.n + 1}, channel ${state.c + 1}, position ${state.l + 1}"`;
  const picture = `<g ${grip} ${said}>${reach}${sheets.join('')}</g>`;
  const { over, meaning } = NORMS[state.norm];
  return panels(
    `<div><h4>what the chosen output depends on</h4>${panel(340, 200, over(state), picture, true)}</div>`,
    `<div class="words"><p>${over(state)}: <b>${named('count', count)}</b> numbers.</p><p>${meaning}</p><p class="soft">Rows are channels, columns are positions. An empty cell has the gradient 0.</p></div>`,
  );
}

const place = ({ n, c, l }: State) => (n * C + c) * L + l;

export const norms = moving<State>({
  label: 'What each norm averages over',
  caption:
    'The derivation is the same for all of them. Only the numbers differ over which mean and variance are taken. The colored inputs are found by `backward`, not drawn by hand.',
  hint: 'Choose a norm, and click another cell or move it with the arrow keys.',
  start: { norm: 'BN', n: 1, c: 1, l: 2 },
  controls: [
    {
      kind: 'choice',
      name: 'norm',
      label: 'Norm',
      options: Object.keys(NORMS),
      get: ({ norm }) => norm,
      set: (state, norm) => ({ ...state, norm }),
    },
  ],
  draw,
  drag: (state, _handle, { x, y }) => {
    const n = within(Math.floor((x - LEFT + 10) / STEP), 0, N - 1);
    const along = x - LEFT - n * STEP;
    const l = within(Math.floor(along / CELL), 0, L - 1);
    const c = within(Math.floor((y - TOP - SLOPE * along) / ROW), 0, C - 1);
    return { ...state, n, c, l };
  },
  nudge: (state, _handle, { x, y }) => {
    const column = within(state.n * L + state.l + x, 0, N * L - 1);
    return { ...state, n: Math.floor(column / L), l: column % L, c: within(state.c - y, 0, C - 1) };
  },
});
